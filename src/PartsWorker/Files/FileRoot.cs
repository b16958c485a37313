namespace PartsWorker.Files;

/// <summary>One allowed folder: as configured, its real path, and whether its storage seems to be available.</summary>
internal sealed class FileRoot(string configured)
{
    private readonly string _configured = Path.TrimEndingDirectorySeparator(Path.GetFullPath(configured));
    private string? _real;
    private bool _hadEntries;

    /// <param name="path">As a reference names it; it may be below the configured path or below the real one.</param>
    public bool Contains(string path) => IsBelow(_configured, path) || IsBelow(Real(), path);

    /// <param name="realPath">As the kernel reports it.</param>
    public bool ContainsReal(string realPath) => IsBelow(Real(), realPath);

    /// <summary>
    /// Null when the root can be listed. A root that held files before and is empty now has lost its mount:
    /// its images are unreachable, not missing.
    /// </summary>
    public string? Diagnose()
    {
        try
        {
            var hasEntries = Directory.EnumerateFileSystemEntries(_configured).Any();
            _hadEntries |= hasEntries;
            return hasEntries || !_hadEntries ? null : $"storage folder {_configured} is suddenly empty: is it still mounted?";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return $"storage folder {_configured} cannot be listed: {error.Message}";
        }
    }

    /// <summary>A file was read below this root, so the root is available and not empty.</summary>
    public void RecordRead() => _hadEntries = true;

    private static bool IsBelow(string? root, string path) =>
        root is not null && path.Length > root.Length + 1 && path.StartsWith(root, StringComparison.Ordinal) && path[root.Length] == '/';

    /// <returns>Null while the folder cannot be reached; storage may be mounted later.</returns>
    private string? Real()
    {
        if (_real is null)
        {
            try
            {
                using var pinned = LinuxFile.Pin(_configured);
                _real = pinned.RealPath;
            }
            catch (IOException)
            {
                return null;
            }
        }

        return _real;
    }
}
