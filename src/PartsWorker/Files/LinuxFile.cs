using Microsoft.Win32.SafeHandles;

namespace PartsWorker.Files;

/// <summary>
/// A file pinned by O_PATH, which only Linux has. Pinning neither blocks on a FIFO nor wakes a device, and it holds the inode: the file
/// that was checked (real path, type, length) is the file that is opened, even if links and names change in the meantime.
/// </summary>
internal sealed class LinuxFile : IDisposable
{
    private readonly SafeFileHandle _pin;
    private readonly string _kernelLink;

    private LinuxFile(SafeFileHandle pin, DiskStatus status)
    {
        _pin = pin;
        _kernelLink = $"/proc/self/fd/{pin.DangerousGetHandle()}";
        IsRegular = status.Kind == EntryKind.File;
        Length = status.Length;
    }

    public bool IsRegular { get; }

    /// <summary>Length in bytes when it was pinned; the file may still grow, and some file systems report 0.</summary>
    public long Length { get; }

    /// <summary>The path of the file itself, all links resolved by the kernel.</summary>
    public string RealPath => LinuxCalls.LinkTarget(_kernelLink) ?? throw new IOException("/proc is not mounted");

    /// <exception cref="IOException">The path cannot be pinned; HResult is the error number of the system.</exception>
    public static LinuxFile Pin(string path)
    {
        var pin = LinuxCalls.OpenOrThrow(path, LinuxCalls.PathOnly | LinuxCalls.CloseOnExec);
        try
        {
            return new(pin, LinuxCalls.StatusOf(pin));
        }
        catch (IOException)
        {
            pin.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Opens the pinned file for reading. Not by <see cref="File.OpenHandle"/>: that would place an advisory lock, and a camera that writes
    /// with its own lock would fail while its image is read.
    /// </summary>
    /// <exception cref="IOException">The file cannot be opened; HResult is the error number of the system.</exception>
    public SafeFileHandle OpenRead() => LinuxCalls.OpenOrThrow(_kernelLink, LinuxCalls.CloseOnExec);

    public void Dispose() => _pin.Dispose();
}
