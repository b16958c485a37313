using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace PartsWorker.Publishing;

/// <summary>
/// Whether anybody still has a file open for writing. Linux answers that exactly: it grants a read lease only when nobody has.
/// Where it cannot tell (another owner's file, a network share), the caller's rule of an unchanged size stands alone.
/// </summary>
internal static partial class FinishedFile
{
    private const int SetLease = 1024, ReadLease = 0, NoLease = 2, TryAgain = 11;

    public static bool IsStillWritten(string path)
    {
        try
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, OperatingSystem.IsWindows() ? FileShare.Read : FileShare.ReadWrite | FileShare.Delete);
            return OperatingSystem.IsLinux() && HasWriter(file);
        }
        catch (UnauthorizedAccessException)
        {
            // Not ours to read: the publishing itself will say so.
            return false;
        }
        catch (FileNotFoundException)
        {
            return true;
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
