using Npgsql;
using PartsWorker.Faults.Audit;
using PartsWorker.Faults.Cluster;
using PartsWorker.Faults.Storage;
using PartsWorker.Faults.Workers;
using PartsWorker.Harness.Load;
using PartsWorker.Harness.Network;

namespace PartsWorker.Faults.Runs;

/// <summary>
/// Everything around the workers: services, network, storage and disks with faults, and the auditor's access. All on loopback.
/// </summary>
internal sealed class Bench : IBench, IAsyncDisposable
{
    private readonly BenchOptions _options;
    private readonly RunFolder _folder;

    private Bench(BenchOptions options, Disks? disks, Services services, ImageServer storage)
    {
        (_options, _folder, Disks, Services, Storage) = (options, new(options), disks, services, storage);
        var (rabbit, postgres) = (new UriBuilder(services.RabbitMq), new NpgsqlConnectionStringBuilder(services.Postgres));
        (Broker, Database) = (new Proxy(rabbit.Port), new Proxy(services.DatabasePort));
        (rabbit.Port, postgres.Port) = (Broker.Port, Database.Port);
        Crew = new Crew(
            options.Workers,
            _folder.WorkerSettings(rabbit.Uri.ToString(), postgres.ConnectionString, storage.Address),
            options.Folder);
        Source = new RawFeeder(services.RabbitMq);
        Places = new FinalPlaces(services.RabbitMq, services.Postgres);
        Events = options.Results ? new PublishedEvents(services.RabbitMq, services.Postgres) : null;
    }

    public Disks? Disks { get; }

    public Services Services { get; }

    public ImageServer Storage { get; }

    public Proxy Broker { get; }

    public Proxy Database { get; }

    public Crew Crew { get; }

    public RawFeeder Source { get; }

    public FinalPlaces Places { get; }

    public PublishedEvents? Events { get; }

    public bool IsClean { get; set; }

    public string Root => _folder.Images;

    public static async Task<Bench> StartAsync(BenchOptions options)
    {
        var state = Path.Combine(options.Folder, "services");
        var services = new Services(state, options.PortBase, options.PgBouncer);
        if (Directory.Exists(options.Folder))
        {
            // An earlier run was killed and left its services running.
            await services.DeleteAsync();
            Directory.Delete(options.Folder, recursive: true);
        }

        var images = Directory.CreateDirectory(new RunFolder(options).Images).FullName;
        var disks = Disks.TryMount(state);
        await services.UpAsync();
        var bench = new Bench(options, disks, services, await ImageServer.StartAsync(images));
        await bench._folder.MigrateAsync(services.Postgres);
        await (bench.Events?.SubscribeAsync() ?? Task.CompletedTask);
        return bench;
    }

    public Task<IReadOnlyDictionary<string, int>> QueueTotalsAsync() => Services.QueueTotalsAsync();

    /// <summary>Waits for a condition, and restarts workers that exit in the meantime.</summary>
    public async Task UntilAsync(Func<Task<bool>> done, CancellationToken cancellationToken)
    {
        while (!await done())
        {
            Crew.Check();
            await Task.Delay(200, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Crew.DisposeAsync();
        await Source.DisposeAsync();
        await Broker.DisposeAsync();
        await Database.DisposeAsync();
        await Storage.DisposeAsync();
        if (_options.Keep)
        {
            var services = $"PARTS_SERVICES_DIR={_options.Folder}/services PARTS_PORT_BASE={_options.PortBase}";
            Console.WriteLine($"kept: {_options.Folder} ({services})");
            return;
        }

        NpgsqlConnection.ClearAllPools();
        var logs = IsClean || !_options.SaveLogs ? null : await _folder.SaveLogsAsync(await Services.DescribeQueuesAsync());
        await Services.DeleteAsync();
        Directory.Delete(_options.Folder, recursive: true);
        if (logs is not null)
        {
            Console.WriteLine($"logs of workers and services: {logs}");
        }
    }
}
