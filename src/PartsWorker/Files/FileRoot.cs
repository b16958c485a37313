using System.Text;

namespace PartsWorker.Files;

/// <summary>One allowed folder: as configured, as it really is, and whether its storage seems to be there.</summary>
internal sealed class FileRoot(string configured)
{
    private string? _real;
    private byte[] _realBytes = [];
    private bool _hadEntries;

    public string Configured { get; } = Path.TrimEndingDirectorySeparator(Path.GetFullPath(configured));

    public bool Names(ReadOnlySpan<char> path) => IsBelow(Configured, path) || (Real() is { } real && IsBelow(real, path));

    /// <param name="realPath">In UTF-8, as the kernel gives it.</param>
    public bool Holds(ReadOnlySpan<byte> realPath)
    {
        var real = Real() is null ? default : _realBytes.AsSpan();
        return !real.IsEmpty && realPath.Length > real.Length + 1 && realPath.StartsWith(real) && realPath[real.Length] == (byte)'/';
    }

    /// <summary>
    /// Null when the root can be listed. A root that held files before and is empty now is a mount that went away:
    /// its images are not missing, they are out of reach.
    /// </summary>
    public string? Trouble()
    {
        try
        {
            var hasEntries = Directory.EnumerateFileSystemEntries(Configured).Any();
            _hadEntries |= hasEntries;
            return hasEntries || !_hadEntries ? null : $"storage folder {Configured} is suddenly empty: is it still mounted?";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return $"storage folder {Configured} cannot be listed: {error.Message}";
        }
    }

    /// <summary>A file was read below this root, so it is there and not empty.</summary>
    public void Answered() => _hadEntries = true;

    private static bool IsBelow(ReadOnlySpan<char> root, ReadOnlySpan<char> path) =>
        path.Length > root.Length + 1 && path.StartsWith(root, StringComparison.Ordinal) && path[root.Length] == '/';

    private string? Real()
    {
        if (_real is null)
        {
            using var pinned = LinuxFile.Pin(Configured);
            _realBytes = pinned.Error != 0 ? [] : pinned.ReadRealPath(stackalloc byte[LinuxFile.LongestPath]).ToArray();
            _real = pinned.Error != 0 ? null : Encoding.UTF8.GetString(_realBytes);
        }

        return _real;
    }
}
