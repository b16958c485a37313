using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;
using Microsoft.Win32.SafeHandles;

namespace PartsWorker.Images;

/// <summary>
/// Holds a file by O_PATH: that neither blocks on a FIFO nor wakes a device, and pins the inode, so that what is checked
/// (real path, type, size) is what is opened afterwards, whatever happens to links and names meanwhile.
/// </summary>
internal sealed partial class LinuxFile : IDisposable
{
    public const int ENOENT = 2, EIO = 5, EACCES = 13, ENODEV = 19, ENOTDIR = 20, ENAMETOOLONG = 36, ELOOP = 40,
        ENOTCONN = 107, ETIMEDOUT = 110, EHOSTDOWN = 112, ESTALE = 116;

    private const int OpenPathOnly = 0x200000, CloseOnExec = 0x80000, EmptyPath = 0x1000;
    private const uint WantTypeAndSize = 0x1 | 0x200;
    private const int TypeMask = 0xF000, RegularFile = 0x8000;

    public const int LongestPath = 4096;

    private const int MagicLength = 32;

    private readonly SafeFileHandle _pin;

    private LinuxFile(SafeFileHandle pin, int mode, long length) => (_pin, IsRegular, Length) = (pin, (mode & TypeMask) == RegularFile, length);

    public bool IsRegular { get; }

    /// <summary>Length in bytes when it was pinned; a file may still grow.</summary>
    public long Length { get; }

    /// <summary>Where the file really is, all links resolved, as the kernel knows it.</summary>
    /// <param name="buffer">At least <see cref="LongestPath"/> long.</param>
    public ReadOnlySpan<byte> ReadRealPath(Span<byte> buffer)
    {
        var length = ReadLink(in MemoryMarshal.GetReference(Magic(stackalloc byte[MagicLength])), ref MemoryMarshal.GetReference(buffer), buffer.Length);
        return length >= 0 ? buffer[..(int)length] : throw new IOException("/proc is not mounted");
    }

    /// <summary>Null and the error number when the path cannot be pinned.</summary>
    public static LinuxFile? Pin(ReadOnlySpan<char> path, out int error)
    {
        Span<byte> name = stackalloc byte[Encoding.UTF8.GetMaxByteCount(path.Length) + 1];
        name[Encoding.UTF8.GetBytes(path, name)] = 0;
        var pin = new SafeFileHandle(Open(in MemoryMarshal.GetReference(name), OpenPathOnly | CloseOnExec), ownsHandle: true);
        error = pin.IsInvalid ? Marshal.GetLastPInvokeError() : 0;
        Span<byte> answer = stackalloc byte[256];
        if (error == 0 && Statx((int)pin.DangerousGetHandle(), "", EmptyPath, WantTypeAndSize, ref MemoryMarshal.GetReference(answer)) != 0)
        {
            error = Marshal.GetLastPInvokeError();
        }

        if (error != 0)
        {
            pin.Dispose();
            return null;
        }

        // struct statx is the same on every architecture: stx_mode at 28, stx_size at 40.
        return new(pin, BinaryPrimitives.ReadUInt16LittleEndian(answer[28..]), BinaryPrimitives.ReadInt64LittleEndian(answer[40..]));
    }

    /// <summary>Opens the pinned file itself for reading.</summary>
    public SafeFileHandle OpenForReading()
    {
        var handle = new SafeFileHandle(Open(in MemoryMarshal.GetReference(Magic(stackalloc byte[MagicLength])), CloseOnExec), ownsHandle: true);
        if (!handle.IsInvalid)
        {
            return handle;
        }

        var error = Marshal.GetLastPInvokeError();
        handle.Dispose();
        throw error == EACCES ? new UnauthorizedAccessException() : new IOException("cannot be opened", error);
    }

    public void Dispose() => _pin.Dispose();

    // The kernel's own link to what is pinned; without a string, because this is done for every image.
    private ReadOnlySpan<byte> Magic(Span<byte> buffer)
    {
        Utf8.TryWrite(buffer, $"/proc/self/fd/{(int)_pin.DangerousGetHandle()}\0", out var length);
        return buffer[..length];
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true)]
    private static partial int Open(ref readonly byte path, int flags);

    [LibraryImport("libc", EntryPoint = "readlink", SetLastError = true)]
    private static partial nint ReadLink(ref readonly byte path, ref byte target, nint length);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int directory, string path, int flags, uint mask, ref byte answer);
}
