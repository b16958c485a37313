using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;

namespace PartsWorker.Images;

/// <summary>
/// Holds a file by O_PATH: that neither blocks on a FIFO nor wakes a device, and pins the inode, so that what is checked
/// (real path, type, size) is what is opened afterwards, whatever happens to links and names meanwhile. Descriptors are plain numbers here,
/// closed by <see cref="Dispose"/>: two handles with finalizers for every image would be most of what reading it allocates.
/// </summary>
internal sealed partial class LinuxFile : IDisposable
{
    public const int ENOENT = 2, EINTR = 4, EIO = 5, EACCES = 13, ENODEV = 19, ENOTDIR = 20, ENAMETOOLONG = 36, ELOOP = 40,
        ENOTCONN = 107, ETIMEDOUT = 110, EHOSTDOWN = 112, ESTALE = 116;

    private const int OpenPathOnly = 0x200000, CloseOnExec = 0x80000, EmptyPath = 0x1000;
    private const uint WantTypeAndSize = 0x1 | 0x200;
    private const int TypeMask = 0xF000, RegularFile = 0x8000;

    public const int LongestPath = 4096;

    private const int MagicLength = 32;

    private const int Closed = -1;
    private int _pin;
    private int _data = Closed;

    private LinuxFile(int pin, int mode, long length) => (_pin, IsRegular, Length) = (pin, (mode & TypeMask) == RegularFile, length);

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
        var pin = Open(in MemoryMarshal.GetReference(name), OpenPathOnly | CloseOnExec);
        error = pin < 0 ? Marshal.GetLastPInvokeError() : 0;
        if (error != 0)
        {
            return null;
        }

        Span<byte> answer = stackalloc byte[256];
        if (Statx(pin, "", EmptyPath, WantTypeAndSize, ref MemoryMarshal.GetReference(answer)) != 0)
        {
            error = Marshal.GetLastPInvokeError();
            _ = Close(pin);
            return null;
        }

        // struct statx is the same on every architecture: stx_mode at 28, stx_size at 40.
        return new(pin, BinaryPrimitives.ReadUInt16LittleEndian(answer[28..]), BinaryPrimitives.ReadInt64LittleEndian(answer[40..]));
    }

    /// <summary>The next bytes of the pinned file itself; 0 at its end.</summary>
    public int Read(Span<byte> buffer)
    {
        if (_data == Closed && (_data = Open(in MemoryMarshal.GetReference(Magic(stackalloc byte[MagicLength])), CloseOnExec)) < 0)
        {
            var error = Marshal.GetLastPInvokeError();
            throw error == EACCES ? new UnauthorizedAccessException() : new IOException("cannot be opened", error);
        }

        nint count;
        while ((count = Read(_data, ref MemoryMarshal.GetReference(buffer), buffer.Length)) < 0)
        {
            var error = Marshal.GetLastPInvokeError();
            if (error != EINTR)
            {
                throw new IOException("cannot be read", error);
            }
        }

        return (int)count;
    }

    public void Dispose()
    {
        Close(ref _data);
        Close(ref _pin);
    }

    private static void Close(ref int descriptor)
    {
        if (Interlocked.Exchange(ref descriptor, Closed) is >= 0 and var open)
        {
            _ = Close(open);
        }
    }

    // The kernel's own link to what is pinned; without a string, because this is done for every image.
    private ReadOnlySpan<byte> Magic(Span<byte> buffer)
    {
        Utf8.TryWrite(buffer, $"/proc/self/fd/{_pin}\0", out var length);
        return buffer[..length];
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true)]
    private static partial int Open(ref readonly byte path, int flags);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint Read(int descriptor, ref byte buffer, nint length);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "readlink", SetLastError = true)]
    private static partial nint ReadLink(ref readonly byte path, ref byte target, nint length);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int directory, string path, int flags, uint mask, ref byte answer);
}
