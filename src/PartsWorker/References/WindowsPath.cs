namespace PartsWorker.References;

/// <summary>Paths of Windows in references: as written there, or as a file URI.</summary>
internal static class WindowsPath
{
    private const string FilePrefix = "file://";

    /// <returns>
    /// <c>//server/share/...</c> or <c>C:/...</c>, percent-decoded; null when the reference names no path of Windows.
    /// </returns>
    public static string? Of(string reference)
    {
        if (!reference.StartsWith(FilePrefix, StringComparison.OrdinalIgnoreCase))
        {
            var written = reference.Replace('\\', '/');
            return IsWindows(written) && (reference[0] == '\\' || reference[1] == ':') ? written : null;
        }

        // file:///C:/..., file://server/... and file:////server/...; some programs leave the backslashes as they are.
        var path = reference[FilePrefix.Length..].Replace('\\', '/');
        path = path.StartsWith('/') && !path.StartsWith("//", StringComparison.Ordinal) ? path[1..] : "//" + path.TrimStart('/');
        return IsWindows(path) ? ReferencePath.DecodeFile(reference, path) : null;
    }

    private static bool IsWindows(string path) =>
        (path.Length > 2 && path.StartsWith("//", StringComparison.Ordinal) && path[2] != '/')
        || (path.Length > 1 && char.IsAsciiLetter(path[0]) && path[1] == ':' && (path.Length == 2 || path[2] == '/'));
}
