using System.Globalization;

namespace PartsWorker.Publishing;

/// <summary>
/// Remembers which files of a watched folder are published, in a file of the spool folder, so that a restart does not publish them again.
/// A file is recorded after its reference is safe; a kill in between publishes it again under the same id, which changes nothing.
/// </summary>
internal sealed class WatchMemory : IDisposable
{
    private const char Separator = '\t';
    private readonly Dictionary<string, FileVersion> _published = new(StringComparer.Ordinal);
    private readonly StreamWriter _journal;

    public WatchMemory(string file)
    {
        foreach (var line in File.Exists(file) ? File.ReadLines(file) : [])
        {
            // A line that a kill cut short is skipped; its file is published again under the same id.
            if (line.Split(Separator, 3) is [var length, var ticks, var path]
                && long.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes)
                && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var modified)
                && File.Exists(path))
            {
                _published[path] = new FileVersion(bytes, modified);
            }
        }

        var next = file + ".next";
        File.WriteAllLines(next, _published.Select(e => Line(e.Key, e.Value)));
        File.Move(next, file, overwrite: true);
        _journal = new StreamWriter(new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.Read)) { AutoFlush = true };
    }

    public bool IsPublished(string path, FileVersion version) => _published.TryGetValue(path, out var known) && known == version;

    public void Remember(string path, FileVersion version)
    {
        _published[path] = version;
        _journal.WriteLine(Line(path, version));
    }

    /// <summary>Forgets files that no longer exist, so that memory does not grow with a folder that is emptied every night.</summary>
    public void KeepOnly(IReadOnlySet<string> paths)
    {
        foreach (var gone in _published.Keys.Where(p => !paths.Contains(p)).ToArray())
        {
            _published.Remove(gone);
        }
    }

    public void Dispose() => _journal.Dispose();

    private static string Line(string path, FileVersion version) =>
        string.Create(CultureInfo.InvariantCulture, $"{version.Length}{Separator}{version.ModifiedTicks}{Separator}{path}");
}

/// <summary>Distinguishes a changed file from an unchanged one without reading it.</summary>
internal sealed record FileVersion(long Length, long ModifiedTicks);
