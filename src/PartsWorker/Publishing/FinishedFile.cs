using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using PartsWorker.Files;

namespace PartsWorker.Publishing;

/// <summary>Whether a file that no longer changes is finished.</summary>
/// <param name="IsWritten">
/// A process still has it open for writing. Linux is exact: it grants a read lease only if no process has. Without a lease (a network
/// share, or another owner's file without CAP_LEASE) this is false, and only the settle time and the end of the image decide.
/// </param>
/// <param name="Missing">What the image lacks at its end; null when it is complete or its format has no end to check.</param>
internal readonly partial record struct FinishedFile(bool IsWritten, string? Missing)
{
    private const int SetLease = 1024, ReadLease = 0, NoLease = 2, TryAgain = 11;

    /// <exception cref="IOException">The file cannot be read.</exception>
    public static FinishedFile Check(string path)
    {
        if (OperatingSystem.IsWindows() && !CanBeOpenedWithoutWriters(path))
        {
            return new FinishedFile(IsWritten: true, Missing: null);
        }

        using var file = Disk.OpenRead(path);
        return new FinishedFile(OperatingSystem.IsLinux() && HasWriter(file), EndOfImage.Missing(file));
    }

    private static bool CanBeOpenedWithoutWriters(string path)
    {
        try
        {
            File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read).Dispose();
            return true;
        }
        catch (IOException error) when (error is not FileNotFoundException and not DirectoryNotFoundException)
        {
            return false;
        }
    }

    private static bool HasWriter(SafeFileHandle file)
    {
        if (Control(file, SetLease, ReadLease) != 0)
        {
            return Marshal.GetLastPInvokeError() == TryAgain;
        }

        _ = Control(file, SetLease, NoLease);
        return false;
    }

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(SafeFileHandle file, int command, int argument);
}
