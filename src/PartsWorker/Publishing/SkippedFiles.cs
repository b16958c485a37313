using PartsWorker.References;

namespace PartsWorker.Publishing;

/// <summary>
/// Names what is left out: each helper folder, and of every other kind the first file; a folder with 300,000 text files gives one line.
/// </summary>
internal sealed class SkippedFiles(Action<string> notice)
{
    private const int MostLines = 100;
    private readonly HashSet<string> _named = new(StringComparer.Ordinal);

    public void Add(string path, string reason)
    {
        if (_named.Count < MostLines && _named.Add(reason == FileFilter.Helper ? path : reason))
        {
            notice($"skipped {PathBytes.Printable(path)}: {reason}"
                + (reason == FileFilter.Helper ? "" : "; further ones are only counted"));
        }
    }
}
