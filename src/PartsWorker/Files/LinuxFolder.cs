using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using PartsWorker.References;

namespace PartsWorker.Files;

/// <summary>
/// Lists a folder by readdir. <see cref="Directory.EnumerateFiles(string)"/> would replace the bytes of names that are not UTF-8, and with
/// them the only way to open these files: a camera that uploads "Gehäuse.jpg" from Windows would publish nothing.
/// </summary>
internal static partial class LinuxFolder
{
    // struct dirent of 64-bit Linux, glibc and musl: inode (8), offset (8), record length (2), type (1), name.
    private const int TypeOffset = 18, NameOffset = 19;
    private const byte FolderType = 4, FileType = 8;

    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="IOException">The folder cannot be listed; HResult is the error number of the system.</exception>
    public static IEnumerable<DiskEntry> List(string folder)
    {
        using var stream = OpenFolder(PathBytes.ToSystem(folder));
        if (stream.IsInvalid)
        {
            var error = LinuxCalls.LastError();
            throw error.HResult is LinuxCalls.ENOENT or LinuxCalls.ENOTDIR
                ? new DirectoryNotFoundException("the folder does not exist", error)
                : error;
        }

        while (Next(stream) is { } entry)
        {
            if (entry.Name is not ("." or ".."))
            {
                yield return entry;
            }
        }
    }

    private static unsafe DiskEntry? Next(FolderStream stream)
    {
        var record = (byte*)ReadFolder(stream);
        if (record is null)
        {
            return Marshal.GetLastPInvokeError() == 0 ? null : throw LinuxCalls.LastError();
        }

        var name = PathBytes.ToText(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(record + NameOffset));
        return new DiskEntry(
            name, record[TypeOffset] switch { FileType => EntryKind.File, FolderType => EntryKind.Folder, _ => EntryKind.Unknown });
    }

    [LibraryImport("libc", EntryPoint = "opendir", SetLastError = true)]
    private static partial FolderStream OpenFolder(byte[] path);

    [LibraryImport("libc", EntryPoint = "readdir", SetLastError = true)]
    private static partial nint ReadFolder(FolderStream stream);

    [LibraryImport("libc", EntryPoint = "closedir")]
    private static partial int CloseFolder(nint stream);

    private sealed class FolderStream() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
    {
        protected override bool ReleaseHandle() => CloseFolder(handle) == 0;
    }
}
