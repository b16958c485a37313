using System.Text;

namespace PartsWorker.Publishing;

/// <summary>
/// The file of the watch memory: lines are appended, and from time to time it is replaced in one step by a file without the outdated lines.
/// A disk that is full or gone costs no image: what could not be written is published again after a restart, under the same ids.
/// </summary>
internal sealed class WatchJournal(string file, Action<string> notice) : IDisposable
{
    private StreamWriter? _writer;
    private bool _failed;

    /// <summary>Lines of the file, outdated ones included.</summary>
    public int Lines { get; private set; }

    public IEnumerable<(string Path, PublishedFile File)> Read() =>
        (File.Exists(file) ? File.ReadLines(file, Encoding.UTF8) : []).Select(PublishedFile.FromLine).OfType<(string, PublishedFile)>();

    public void Rewrite(IEnumerable<string> lines) => Try(() =>
    {
        var next = file + ".next";
        var count = 0;
        using (var stream = new FileStream(next, FileMode.Create, FileAccess.Write, FileShare.Read))
        {
            using var writer = new StreamWriter(stream, leaveOpen: true);
            foreach (var line in lines)
            {
                writer.WriteLine(line);
                count++;
            }

            writer.Flush();
            stream.Flush(flushToDisk: true);
        }

        _writer?.Dispose();
        _writer = null;
        File.Move(next, file, overwrite: true);
        Lines = count;
    });

    public void Append(string line) => Try(() =>
    {
        _writer ??= new StreamWriter(new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.Read)) { AutoFlush = true };
        _writer.WriteLine(line);
        Lines++;
    });

    public void Dispose() => Close();

    private void Try(Action write)
    {
        try
        {
            write();
            _failed = false;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The next line opens the file again; a line that was cut short is then followed by it, and both are skipped when read.
            Close();
            if (!_failed)
            {
                notice($"cannot record published files in '{file}': {error.Message}; "
                    + "a restart would publish them again, with the same ids");
            }

            _failed = true;
        }
    }

    private void Close()
    {
        try
        {
            _writer?.Dispose();
        }
        catch (IOException)
        {
            // Its last line could not be written; that has been reported.
        }

        _writer = null;
    }
}
