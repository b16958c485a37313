using Npgsql;
using PartsWorker.Faults.Audit;
using PartsWorker.Faults.Cluster;
using PartsWorker.Faults.Load;
using PartsWorker.Faults.Storage;
using PartsWorker.Faults.Workers;

namespace PartsWorker.Faults.Runs;

/// <summary>Everything around the workers of a cluster run: the servers, their network, storage, and the auditor's access.</summary>
internal sealed class ClusterBench : IBench, IAsyncDisposable
{
    private readonly BenchOptions _options;
    private readonly RunFolder _folder;

    private ClusterBench(BenchOptions options, ServerCluster cluster, ImageServer storage)
    {
        (_options, _folder, Cluster, Storage) = (options, new(options), cluster, storage);
        var settings = _folder.WorkerSettings(cluster.RabbitMq, cluster.Postgres, storage.Address);
        Crew = new Crew(options.Workers, settings, options.Folder);
        Source = new SpooledSource(cluster.RabbitMq, Path.Combine(options.Folder, "spool"));
        Places = new FinalPlaces(cluster.RabbitMq, cluster.Postgres);
    }

    public ServerCluster Cluster { get; }

    public ImageServer Storage { get; }

    public Crew Crew { get; }

    public SpooledSource Source { get; }

    public FinalPlaces Places { get; }

    public PublishedEvents? Events => null;

    public bool IsClean { get; set; }

    public string Root => _folder.Images;

    public static async Task<ClusterBench> StartAsync(BenchOptions options)
    {
        var cluster = new ServerCluster(Path.Combine(options.Folder, "cluster"), options.PortBase);
        try
        {
            // An earlier run may have been killed and left its servers running.
            await cluster.RunAsync("reset");
            if (Directory.Exists(options.Folder))
            {
                Directory.Delete(options.Folder, recursive: true);
            }

            var images = Directory.CreateDirectory(new RunFolder(options).Images).FullName;
            await cluster.UpAsync();
            await new RunFolder(options).MigrateAsync(cluster.Postgres);
            return new ClusterBench(options, cluster, await ImageServer.StartAsync(images));
        }
        catch
        {
            await cluster.RunAsync("reset");
            await cluster.DisposeAsync();
            throw;
        }
    }

    public Task<IReadOnlyDictionary<string, int>> QueueTotalsAsync() => Cluster.QueueTotalsAsync();

    public async ValueTask DisposeAsync()
    {
        await Crew.DisposeAsync();
        await Source.DisposeAsync();
        await Storage.DisposeAsync();
        NpgsqlConnection.ClearAllPools();
        if (!IsClean || _options.Keep)
        {
            Console.WriteLine($"logs of workers and servers: {await _folder.SaveLogsAsync(await Cluster.DescribeQueuesAsync())}");
        }

        // Without their network the servers cannot be kept.
        await Cluster.RunAsync("reset");
        await Cluster.DisposeAsync();
        Directory.Delete(_options.Folder, recursive: true);
    }
}
