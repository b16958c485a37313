using PartsWorker.Files;

namespace PartsWorker.Publishing;

/// <summary>Images and subfolders of one folder, after the filter.</summary>
/// <param name="Files">Full paths of images; links and entries of unknown type are among them until their status is read.</param>
/// <param name="Folders">Full paths of subfolders.</param>
/// <param name="Skipped">Files and folders that were left out.</param>
internal sealed record FolderListing(IReadOnlyList<string> Files, IReadOnlyList<string> Folders, int Skipped)
{
    /// <param name="folder">The folder to list.</param>
    /// <param name="root">The folder that the user named.</param>
    /// <param name="filter">What is left out.</param>
    /// <param name="skipped">Called with each path that is left out, and the reason.</param>
    /// <exception cref="IOException">The folder cannot be listed.</exception>
    public static FolderListing Read(string folder, string root, FileFilter filter, Action<string, string> skipped)
    {
        List<string> files = [], folders = [];
        var count = 0;
        foreach (var entry in Disk.List(folder))
        {
            var path = Path.Join(folder, entry.Name);
            var isFolder = IsFolder(entry, path);
            var relative = path.AsSpan(Math.Min(root.Length, path.Length)).TrimStart(Path.DirectorySeparatorChar).ToString();
            if ((isFolder ? filter.SkipFolder(entry.Name, relative) : filter.SkipFile(entry.Name, relative)) is not { } reason)
            {
                (isFolder ? folders : files).Add(path);
            }
            else if (reason.Length > 0)
            {
                count++;
                skipped(path, reason);
            }
        }

        return new FolderListing(files, folders, count);
    }

    private static bool IsFolder(DiskEntry entry, string path)
    {
        try
        {
            return entry.Kind == EntryKind.Folder || (entry.Kind == EntryKind.Unknown && Disk.StatusOf(path)?.Kind == EntryKind.Folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A circle of links, or missing permissions: the attempt to publish the file reports that.
            return false;
        }
    }
}
