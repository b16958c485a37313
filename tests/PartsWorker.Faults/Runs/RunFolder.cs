using PartsWorker.Harness;
using PartsWorker.Harness.Processes;

namespace PartsWorker.Faults.Runs;

/// <summary>The folder of a run with its images and logs.</summary>
internal sealed class RunFolder(BenchOptions options)
{
    /// <summary>The folder of images that workers may read.</summary>
    public string Images => Path.Combine(options.Folder, "images");

    /// <summary>Creates the tables.</summary>
    public async Task MigrateAsync(string postgres)
    {
        var log = Path.Combine(options.Folder, "migrate.log");
        var launch = Launch.Worker("migrate") with { Environment = [("ConnectionStrings__Postgres", postgres)], LogFile = log };
        using var migrate = launch.Start();
        if (await migrate.ExitAsync(TimeSpan.FromMinutes(1)) != 0)
        {
            throw new InvalidOperationException($"partsworker migrate failed: {await File.ReadAllTextAsync(log)}");
        }
    }

    public (string Name, string Value)[] WorkerSettings(string rabbit, string postgres, string storage) =>
    [
        ("ConnectionStrings__RabbitMq", rabbit),
        ("ConnectionStrings__Postgres", postgres),
        ("Model__Bundle", Path.Combine(Repository.Root, options.Model)),
        ("Model__Verify", "false"),
        ("Inference__Device", "cpu"),
        ("Images__Roots__0", Images),
        ("Images__Hosts__0", new Uri(storage).Authority),
        ("Images__AllowPrivateNetworks__0", "127.0.0.0/8"),
        ("Rabbit__ReconnectLimit", "00:00:03"),
        ("Results__Publish", options.Results ? "true" : "false"),
    ];

    /// <summary>Copies the logs of workers and services; returns where.</summary>
    public async Task<string> SaveLogsAsync(string queues)
    {
        var folder = Directory.CreateDirectory($"{options.Folder}-logs-{TimeProvider.System.GetUtcNow():HHmmss}").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "queues.txt"), queues);
        foreach (var log in Directory.GetFiles(options.Folder, "*.log", SearchOption.AllDirectories))
        {
            // Servers of a cluster have logs of the same name.
            var name = Path.GetRelativePath(options.Folder, log).Replace(Path.DirectorySeparatorChar, '-');
            File.Copy(log, Path.Combine(folder, name), overwrite: true);
        }

        return folder;
    }
}
