using Microsoft.Win32.SafeHandles;

namespace PartsWorker.Files;

/// <summary>
/// Files and folders as the publisher sees them: any name, no locks, nothing that blocks on a pipe. Errors are <see cref="IOException"/>
/// and <see cref="UnauthorizedAccessException"/>.
/// </summary>
internal static class Disk
{
    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false };

    /// <summary>The entries of a folder, in no order; a folder that changes meanwhile gives what it had before or after.</summary>
    public static IEnumerable<DiskEntry> List(string folder) => OperatingSystem.IsLinux()
        ? LinuxFolder.List(folder)
        : new DirectoryInfo(folder).EnumerateFileSystemInfos("*", Everything).Select(entry => new DiskEntry(
            entry.Name,
            entry.Attributes.HasFlag(FileAttributes.ReparsePoint) ? EntryKind.Unknown
                : entry is DirectoryInfo ? EntryKind.Folder
                : EntryKind.File));

    /// <returns>Null when there is no such file or folder. Links are followed.</returns>
    public static DiskStatus? StatusOf(string path)
    {
        if (OperatingSystem.IsLinux())
        {
            return LinuxCalls.StatusOf(path);
        }

        FileSystemInfo entry = Directory.Exists(path) ? new DirectoryInfo(path) : new FileInfo(path);
        if (!entry.Exists)
        {
            return null;
        }

        var (kind, length) = entry is FileInfo file ? (EntryKind.File, file.Length) : (EntryKind.Folder, 0);
        return new DiskStatus(kind, length, entry.LastWriteTimeUtc, entry.LastWriteTimeUtc, entry.CreationTimeUtc, Device: 0, Inode: 0);
    }

    /// <summary>Opens a regular file; other programs may still open, rename or delete it.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static SafeFileHandle OpenRead(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }

        try
        {
            using var file = LinuxFile.Pin(path);
            return file.IsRegular ? file.OpenRead() : throw new IOException("not a regular file (a folder, pipe, socket or device)");
        }
        catch (IOException error) when (error.HResult is LinuxCalls.ENOENT or LinuxCalls.ENOTDIR)
        {
            throw new FileNotFoundException("the file does not exist", error);
        }
    }
}

internal enum EntryKind
{
    File,
    Folder,

    /// <summary>A pipe, socket or device.</summary>
    Other,

    /// <summary>A link, or a file system whose listings have no types; <see cref="Disk.StatusOf"/> finds out.</summary>
    Unknown,
}

internal readonly record struct DiskEntry(string Name, EntryKind Kind);

/// <param name="Kind">File, folder or other.</param>
/// <param name="Length">Bytes of a file.</param>
/// <param name="Modified">When the content changed, as its writer says; UTC.</param>
/// <param name="Changed">When content or attributes changed, by the clock of the file system; UTC.</param>
/// <param name="Created">When it appeared, by the clock of the file system, where that is recorded; otherwise as Changed.</param>
/// <param name="Device">Number of the mounted file system; 0 where unknown.</param>
/// <param name="Inode">Number of the file on it; 0 where unknown.</param>
internal sealed record DiskStatus(
    EntryKind Kind, long Length, DateTime Modified, DateTime Changed, DateTime Created, ulong Device, ulong Inode);
