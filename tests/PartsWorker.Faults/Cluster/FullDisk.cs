using System.Diagnostics;

namespace PartsWorker.Faults.Cluster;

/// <summary>A small tmpfs below both services that can be filled to the last byte. Needs the right to mount; without it the fault is left out, and said.</summary>
internal sealed class FullDisk
{
    private const string Size = "1500m";
    private readonly string _folder;

    private FullDisk(string folder) => _folder = folder;

    private string Filler => Path.Combine(_folder, "filler");

    public static FullDisk? TryMount(string folder)
    {
        Directory.CreateDirectory(folder);
        return Run("mount", "-t", "tmpfs", "-o", $"size={Size},mode=755", "parts-faults", folder) ? new(folder) : null;
    }

    public void Fill()
    {
        var zeros = new byte[1024 * 1024];
        using var filler = new FileStream(Filler, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (true)
            {
                filler.Write(zeros);
            }
        }
        catch (IOException)
        {
            // Full, which is the point.
        }
    }

    public void Free() => File.Delete(Filler);

    /// <summary>Does nothing where nothing is mounted.</summary>
    public static void Unmount(string folder) => Run("umount", "-l", folder);

    private static bool Run(string command, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true, UseShellExecute = false });
            process?.WaitForExit();
            return process?.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
