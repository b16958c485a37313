using System.Globalization;

namespace PartsWorker.Client;

/// <summary>The files of one spool: numbered segments, the cursor, and the lock that excludes a second process.</summary>
internal sealed class SpoolDirectory : IDisposable
{
    private const string Suffix = ".spool";
    private readonly string _path;
    private readonly FileStream _lock;

    public SpoolDirectory(string path)
    {
        _path = Path.GetFullPath(path);
        try
        {
            Directory.CreateDirectory(_path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SpoolException($"spool '{path}' cannot be created: {error.Message}", error);
        }

        try
        {
            _lock = new FileStream(Path.Combine(_path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SpoolException($"spool '{path}' cannot be opened: another process uses it, or it is not writable", error);
        }
    }

    public string CursorFile => Path.Combine(_path, "cursor");

    public string SegmentFile(long number) => Path.Combine(_path, number.ToString("D12", CultureInfo.InvariantCulture) + Suffix);

    /// <summary>Numbers of the segments that exist, oldest first.</summary>
    public IReadOnlyList<long> Segments() => Directory.EnumerateFiles(_path, "*" + Suffix)
        .Select(NumberOf).Where(n => n > 0).Order().ToArray();

    public long BytesOnDisk() => Segments().Sum(n => new FileInfo(SegmentFile(n)).Length);

    public void Dispose() => _lock.Dispose();

    private static long NumberOf(string file) =>
        long.TryParse(Path.GetFileNameWithoutExtension(file), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
