using System.Diagnostics;

namespace PartsWorker.Faults.Cluster;

/// <summary>
/// The data of both services, each on its own small disk. Mounting needs privileges; without them, the run reports that it skips the
/// disk faults.
/// </summary>
internal sealed class Disks
{
    private const string Size = "1000m";

    private Disks(string servicesFolder) =>
        (Broker, Database) = (new(Path.Combine(servicesFolder, "rabbitmq")), new(Path.Combine(servicesFolder, "postgres")));

    public SmallDisk Broker { get; }

    public SmallDisk Database { get; }

    public static Disks? TryMount(string servicesFolder)
    {
        foreach (var folder in Folders(servicesFolder))
        {
            Directory.CreateDirectory(folder);
            if (!Run("mount", "-t", "tmpfs", "-o", $"size={Size},mode=755", "parts-faults", folder))
            {
                Unmount(servicesFolder);
                return null;
            }
        }

        return new(servicesFolder);
    }

    /// <summary>Does nothing if nothing is mounted.</summary>
    public static void Unmount(string servicesFolder)
    {
        foreach (var folder in Folders(servicesFolder))
        {
            Run("umount", "-l", folder);
        }
    }

    private static string[] Folders(string servicesFolder) =>
        [Path.Combine(servicesFolder, "rabbitmq"), Path.Combine(servicesFolder, "postgres")];

    private static bool Run(string command, params string[] arguments)
    {
        try
        {
            var start = new ProcessStartInfo(command, arguments) { RedirectStandardError = true, UseShellExecute = false };
            using var process = Process.Start(start);
            process?.WaitForExit();
            return process?.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
