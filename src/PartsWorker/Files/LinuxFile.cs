using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;

namespace PartsWorker.Files;

/// <summary>
/// Holds a file by O_PATH: that neither blocks on a FIFO nor wakes a device, and pins the inode, so that what is checked
/// (real path, type, size) is what is opened afterwards, whatever happens to links and names meanwhile. Descriptors are plain numbers in a
/// struct, closed by <see cref="Dispose"/>: two handles with finalizers for every image would be most of what reading it allocates.
/// </summary>
internal partial struct LinuxFile : IDisposable
{
    public const int ENOENT = 2, EINTR = 4, EIO = 5, EACCES = 13, ENODEV = 19, ENOTDIR = 20, ENAMETOOLONG = 36, ELOOP = 40,
        ENOTCONN = 107, ETIMEDOUT = 110, EHOSTDOWN = 112, ESTALE = 116;

    private const int OpenPathOnly = 0x200000, CloseOnExec = 0x80000, EmptyPath = 0x1000;
    private const uint WantTypeAndSize = 0x1 | 0x200;
    private const int TypeMask = 0xF000, RegularFile = 0x8000;

    public const int LongestPath = 4096;

    private const int MagicLength = 32;

    // Descriptors plus one, so that a struct nobody filled holds none: 0 is a descriptor too.
    private int _pin;
    private int _data;

    private LinuxFile(int pin, int error) => (_pin, Error) = (pin + 1, error);

    /// <summary>The error number when the path could not be pinned, else 0.</summary>
    public readonly int Error { get; }

    public readonly bool IsRegular { get; private init; }

    /// <summary>Length in bytes when it was pinned; a file may still grow.</summary>
    public readonly long Length { get; private init; }

    /// <summary>Where the file really is, all links resolved, as the kernel knows it.</summary>
    /// <param name="buffer">At least <see cref="LongestPath"/> long.</param>
    public readonly ReadOnlySpan<byte> ReadRealPath(Span<byte> buffer)
    {
        var length = ReadLink(in MemoryMarshal.GetReference(Magic(stackalloc byte[MagicLength])), ref MemoryMarshal.GetReference(buffer), buffer.Length);
        return length >= 0 ? buffer[..(int)length] : throw new IOException("/proc is not mounted");
    }

    /// <summary>The file, or an <see cref="Error"/>.</summary>
    public static LinuxFile Pin(ReadOnlySpan<char> path)
    {
        Span<byte> name = stackalloc byte[Encoding.UTF8.GetMaxByteCount(path.Length) + 1];
        name[Encoding.UTF8.GetBytes(path, name)] = 0;
        var pin = Open(in MemoryMarshal.GetReference(name), OpenPathOnly | CloseOnExec);
        if (pin < 0)
        {
            return new(pin, Marshal.GetLastPInvokeError());
        }

        Span<byte> answer = stackalloc byte[256];
        if (Statx(pin, "", EmptyPath, WantTypeAndSize, ref MemoryMarshal.GetReference(answer)) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            _ = Close(pin);
            return new(pin: -1, error);
        }

        // struct statx is the same on every architecture: stx_mode at 28, stx_size at 40.
        return new(pin, error: 0)
        {
            IsRegular = (BinaryPrimitives.ReadUInt16LittleEndian(answer[28..]) & TypeMask) == RegularFile,
            Length = BinaryPrimitives.ReadInt64LittleEndian(answer[40..]),
        };
    }

    /// <summary>The next bytes of the pinned file itself; 0 at its end.</summary>
    public int Read(Span<byte> buffer)
    {
        if (_data == 0 && (_data = Open(in MemoryMarshal.GetReference(Magic(stackalloc byte[MagicLength])), CloseOnExec) + 1) == 0)
        {
            var error = Marshal.GetLastPInvokeError();
            throw error == EACCES ? new UnauthorizedAccessException() : new IOException("cannot be opened", error);
        }

        nint count;
        while ((count = Read(_data - 1, ref MemoryMarshal.GetReference(buffer), buffer.Length)) < 0)
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
        if (descriptor > 0)
        {
            _ = Close(descriptor - 1);
            descriptor = 0;
        }
    }

    // The kernel's own link to what is pinned; without a string, because this is done for every image.
    private readonly ReadOnlySpan<byte> Magic(Span<byte> buffer)
    {
        Utf8.TryWrite(buffer, $"/proc/self/fd/{_pin - 1}\0", out var length);
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
