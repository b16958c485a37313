using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace PartsWorker.Publishing;

/// <summary>
/// Checks whether a process still has a file open for writing. Linux is exact: it grants a read lease only if no process has.
/// Where no lease can be had (another owner's file, a network share), only the caller's rule of an unchanged size applies.
/// </summary>
internal static partial class FinishedFile
{
    private const int SetLease = 1024, ReadLease = 0, NoLease = 2, TryAgain = 11;

    public static bool IsStillWritten(string path)
    {
        try
        {
            var share = OperatingSystem.IsWindows() ? FileShare.Read : FileShare.ReadWrite | FileShare.Delete;
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, share);
            return OperatingSystem.IsLinux() && HasWriter(file);
        }
        catch (UnauthorizedAccessException)
        {
            // No permission to read: publishing the file reports that.
            return false;
        }
        catch (IOException)
        {
            return true;
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
