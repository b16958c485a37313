using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using PartsWorker.References;

namespace PartsWorker.Files;

/// <summary>
/// The calls of libc that read files and folders. Paths are bytes (<see cref="PathBytes"/>): the base library cannot open a name that is
/// not UTF-8.
/// </summary>
internal static partial class LinuxCalls
{
    public const int ENOENT = 2, EACCES = 13, ENOTDIR = 20, ENAMETOOLONG = 36, ELOOP = 40;
    public const int PathOnly = 0x200000, CloseOnExec = 0x80000;

    private const int WorkingDirectory = -100, EmptyPath = 0x1000;
    private const uint BasicFields = 0x7FF, BirthField = 0x800;
    private const int LongestPath = 4096;

    /// <exception cref="IOException">The path cannot be opened; HResult is the error number of the system.</exception>
    public static SafeFileHandle OpenOrThrow(string path, int flags)
    {
        var handle = Open(PathBytes.ToSystem(path), flags);
        return handle.IsInvalid ? throw LastError() : handle;
    }

    /// <exception cref="IOException">Its status cannot be read; HResult is the error number of the system.</exception>
    public static DiskStatus StatusOf(SafeFileHandle file) =>
        Statx(file, [0], EmptyPath, BasicFields | BirthField, out var status) == 0 ? status.ToDisk() : throw LastError();

    /// <returns>Null when there is no such file or folder.</returns>
    /// <exception cref="IOException">Its status cannot be read; HResult is the error number of the system.</exception>
    public static DiskStatus? StatusOf(string path)
    {
        if (Statx(WorkingDirectory, PathBytes.ToSystem(path), 0, BasicFields | BirthField, out var status) == 0)
        {
            return status.ToDisk();
        }

        var error = LastError();
        return error.HResult is ENOENT or ENOTDIR ? null : throw error;
    }

    public static string? LinkTarget(string link)
    {
        Span<byte> target = stackalloc byte[LongestPath];
        var length = ReadLink(PathBytes.ToSystem(link), ref MemoryMarshal.GetReference(target), (nuint)target.Length);
        return length < 0 ? null : PathBytes.ToText(target[..(int)length]);
    }

    public static IOException LastError()
    {
        var number = Marshal.GetLastPInvokeError();
        return new(Marshal.GetPInvokeErrorMessage(number), number);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true)]
    private static partial SafeFileHandle Open(byte[] path, int flags);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true)]
    private static partial int Statx(SafeFileHandle file, byte[] path, int flags, uint mask, out Status status);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true)]
    private static partial int Statx(int folder, byte[] path, int flags, uint mask, out Status status);

    [LibraryImport("libc", EntryPoint = "readlink", SetLastError = true)]
    private static partial nint ReadLink(byte[] path, ref byte target, nuint size);

    /// <summary>The fields of <c>struct statx</c> that are read; its layout is the same on every architecture.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private readonly struct Status
    {
        private const int TypeMask = 0xF000, Regular = 0x8000, Directory = 0x4000;

        [FieldOffset(0)]
        private readonly uint _filled;

        [FieldOffset(28)]
        private readonly ushort _mode;

        [FieldOffset(32)]
        private readonly ulong _inode;

        [FieldOffset(40)]
        private readonly long _size;

        [FieldOffset(80)]
        private readonly Timestamp _born;

        [FieldOffset(96)]
        private readonly Timestamp _changed;

        [FieldOffset(112)]
        private readonly Timestamp _modified;

        [FieldOffset(136)]
        private readonly ulong _device;

        public DiskStatus ToDisk() => new(
            (_mode & TypeMask) switch { Regular => EntryKind.File, Directory => EntryKind.Folder, _ => EntryKind.Other },
            _size,
            _modified.ToDateTime(),
            _changed.ToDateTime(),
            (_filled & BirthField) != 0 ? _born.ToDateTime() : _changed.ToDateTime(),
            _device,
            _inode);
    }

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Timestamp
    {
        private readonly long _seconds;
        private readonly uint _nanoseconds;
        private readonly int _reserved;

        // A damaged file system reports years that DateTime does not have.
        public DateTime ToDateTime()
        {
            var seconds = Math.Clamp(
                _seconds, -DateTime.UnixEpoch.Ticks / TimeSpan.TicksPerSecond, (DateTime.MaxValue.Ticks / TimeSpan.TicksPerSecond)
                - (DateTime.UnixEpoch.Ticks / TimeSpan.TicksPerSecond) - 1);
            return DateTime.UnixEpoch.AddTicks((seconds * TimeSpan.TicksPerSecond) + (_nanoseconds / 100));
        }
    }
}
