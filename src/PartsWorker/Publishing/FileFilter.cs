using System.IO.Enumeration;

namespace PartsWorker.Publishing;

/// <summary>
/// Which files of a folder are images that may be published. Left out are helper folders of storage systems, hidden names, unfinished
/// uploads, and what the user excludes.
/// </summary>
/// <param name="excludes">
/// Patterns with <c>*</c> and <c>?</c>, upper and lower case alike. Without '/' a pattern matches the name of a file or folder at any
/// depth, with '/' the path below the published folder.
/// </param>
internal sealed class FileFilter(IReadOnlyList<string> excludes)
{
    public const string Helper = "a helper folder of a storage system";

    private static readonly HashSet<string> ImageEndings = new(
        [".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff", ".pnm", ".pbm", ".pgm", ".ppm"], StringComparer.OrdinalIgnoreCase);

    private static readonly HashSet<string> UnfinishedEndings = new(
        [".tmp", ".temp", ".part", ".partial", ".filepart", ".crdownload", ".uploading", ".swp"], StringComparer.OrdinalIgnoreCase);

    // Thumbnails, trash and snapshots of Synology, QNAP, NetApp, ext4, macOS and Windows; names that begin with a dot are hidden anyway.
    private static readonly HashSet<string> HelperFolders = new(
        [
            "@eaDir", "@tmp", "@Recycle", "@Recently-Snapshot", "@sharebin", "@sharesnap", "#recycle", "#snapshot", "~snapshot",
            "lost+found", "__MACOSX", "$RECYCLE.BIN", "RECYCLER", "System Volume Information", "Network Trash Folder", "Temporary Items",
        ],
        StringComparer.OrdinalIgnoreCase);

    public static string Endings => string.Join(' ', ImageEndings);

    public static bool HasImageEnding(string name) => ImageEndings.Contains(Path.GetExtension(name));

    /// <returns>Null for a folder to look into; otherwise why it is left out.</returns>
    public string? SkipFolder(string name, string relative) =>
        HelperFolders.Contains(name) ? Helper
        : name[0] == '.' ? "hidden"
        : Excluded(name, relative);

    /// <returns>
    /// Null for an image; otherwise why it is left out. Empty for hidden names and unfinished uploads, which are not reported.
    /// </returns>
    public string? SkipFile(string name, string relative)
    {
        var ending = Path.GetExtension(name);
        return name[0] is '.' or '~' || UnfinishedEndings.Contains(ending) ? ""
            : !ImageEndings.Contains(ending) ? (ending.Length == 0 ? "not an image name" : $"{ending} is not an image ending")
            : Excluded(name, relative);
    }

    /// <summary>As <see cref="SkipFolder"/> for each folder above a file that a glob names; the file itself may have any ending.</summary>
    /// <returns>Null for a file that may be published; otherwise why it is left out.</returns>
    public string? SkipMatch(string relative)
    {
        var names = relative.Split(Path.DirectorySeparatorChar);
        for (var i = 0; i < names.Length - 1; i++)
        {
            if (SkipFolder(names[i], string.Join(Path.DirectorySeparatorChar, names[..(i + 1)])) is { } reason)
            {
                return reason;
            }
        }

        return Excluded(names[^1], relative);
    }

    private string? Excluded(string name, string relative)
    {
        relative = Path.DirectorySeparatorChar == '\\' ? relative.Replace('\\', '/') : relative;
        foreach (var pattern in excludes)
        {
            var matched = pattern.TrimEnd('/').Contains('/', StringComparison.Ordinal) ? relative : name;
            if (FileSystemName.MatchesSimpleExpression(pattern.Trim('/'), matched))
            {
                return $"excluded by {pattern}";
            }
        }

        return null;
    }
}
