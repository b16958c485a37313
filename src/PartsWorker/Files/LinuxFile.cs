using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace PartsWorker.Files;

/// <summary>
/// A file pinned by O_PATH, which only Linux has. Pinning neither blocks on a FIFO nor wakes a device, and it holds the inode: the file
/// that was checked (real path, type, length) is the file that is opened, even if links and names change in the meantime.
/// </summary>
internal sealed partial class LinuxFile : IDisposable
{
    public const int ENOENT = 2, EACCES = 13, ENOTDIR = 20, ENAMETOOLONG = 36, ELOOP = 40;

    private const int PathOnly = 0x200000, CloseOnExec = 0x80000, EmptyPath = 0x1000;
    private const uint TypeAndSize = 0x1 | 0x200;
    private const int TypeMask = 0xF000, RegularFile = 0x8000;

    private readonly SafeFileHandle _pin;
    private readonly string _kernelLink;

    private LinuxFile(SafeFileHandle pin, in Status status)
    {
        _pin = pin;
        _kernelLink = $"/proc/self/fd/{pin.DangerousGetHandle()}";
        IsRegular = (status.Mode & TypeMask) == RegularFile;
        Length = status.Size;
    }

    public bool IsRegular { get; }

    /// <summary>Length in bytes when it was pinned; the file may still grow, and some file systems report 0.</summary>
    public long Length { get; }

    /// <summary>The path of the file itself, all links resolved by the kernel.</summary>
    public string RealPath => new FileInfo(_kernelLink).LinkTarget ?? throw new IOException("/proc is not mounted");

    /// <exception cref="IOException">The path cannot be pinned; HResult is the error number of the system.</exception>
    public static LinuxFile Pin(string path)
    {
        var pin = OpenOrThrow(path, PathOnly | CloseOnExec);
        if (Statx(pin, "", EmptyPath, TypeAndSize, out var status) == 0)
        {
            return new(pin, status);
        }

        var error = LastError();
        pin.Dispose();
        throw error;
    }

    /// <summary>
    /// Opens the pinned file for reading. Not by <see cref="File.OpenHandle"/>: that would place an advisory lock, and a camera that writes
    /// with its own lock would fail while its image is read.
    /// </summary>
    /// <exception cref="IOException">The file cannot be opened; HResult is the error number of the system.</exception>
    public SafeFileHandle OpenRead() => OpenOrThrow(_kernelLink, CloseOnExec);

    public void Dispose() => _pin.Dispose();

    private static SafeFileHandle OpenOrThrow(string path, int flags)
    {
        var handle = Open(path, flags);
        return handle.IsInvalid ? throw LastError() : handle;
    }

    private static IOException LastError()
    {
        var number = Marshal.GetLastPInvokeError();
        return new(Marshal.GetPInvokeErrorMessage(number), number);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(SafeFileHandle directory, string path, int flags, uint mask, out Status status);

    /// <summary>The two fields of <c>struct statx</c> that are read; its layout is the same on every architecture.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Status
    {
        [FieldOffset(28)]
        public ushort Mode;

        [FieldOffset(40)]
        public long Size;
    }
}
