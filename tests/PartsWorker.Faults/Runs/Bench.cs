using Npgsql;
using PartsWorker.Faults.Audit;
using PartsWorker.Faults.Cluster;
using PartsWorker.Faults.Storage;
using PartsWorker.Faults.Workers;
using PartsWorker.Harness;
using PartsWorker.Harness.Load;
using PartsWorker.Harness.Network;
using PartsWorker.Harness.Processes;

namespace PartsWorker.Faults.Runs;

/// <summary>
/// Everything around the workers: services, network, storage and disks with faults, and the auditor's access. All on loopback.
/// </summary>
internal sealed class Bench : IAsyncDisposable
{
    private readonly BenchOptions _options;

    private Bench(BenchOptions options, Disks? disks, Services services, ImageServer storage)
    {
        (_options, Disks, Services, Storage) = (options, disks, services, storage);
        var (rabbit, postgres) = (new UriBuilder(services.RabbitMq), new NpgsqlConnectionStringBuilder(services.Postgres));
        (Broker, Database) = (new Proxy(rabbit.Port), new Proxy(services.DatabasePort));
        (rabbit.Port, postgres.Port) = (Broker.Port, Database.Port);
        Crew = new Crew(options.Workers, Settings(rabbit.Uri.ToString(), postgres.ConnectionString), options.Folder);
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

    /// <summary>The result events of the run; null without <c>--results</c>.</summary>
    public PublishedEvents? Events { get; }

    /// <summary>True if the audit found no errors; otherwise the logs are kept.</summary>
    public bool IsClean { get; set; }

    public string Root => RootOf(_options);

    public static async Task<Bench> StartAsync(BenchOptions options)
    {
        var state = Path.Combine(options.Folder, "services");
        var services = new Services(Repository.Root, state, options.PortBase, options.PgBouncer);
        if (Directory.Exists(options.Folder))
        {
            // An earlier run was killed and left its services running.
            await services.DeleteAsync();
            Directory.Delete(options.Folder, recursive: true);
        }

        Directory.CreateDirectory(RootOf(options));
        var disks = Disks.TryMount(state);
        await services.UpAsync();
        var bench = new Bench(options, disks, services, await ImageServer.StartAsync(RootOf(options)));
        await bench.MigrateAsync();
        await (bench.Events?.SubscribeAsync() ?? Task.CompletedTask);
        return bench;
    }

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
        var logs = IsClean || !_options.SaveLogs ? null : await SaveLogsAsync();
        await Services.DeleteAsync();
        Directory.Delete(_options.Folder, recursive: true);
        if (logs is not null)
        {
            Console.WriteLine($"logs of workers and services: {logs}");
        }
    }

    private async Task<string> SaveLogsAsync()
    {
        var folder = Directory.CreateDirectory($"{_options.Folder}-logs-{TimeProvider.System.GetUtcNow():HHmmss}").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "queues.txt"), await Services.DescribeQueuesAsync());
        foreach (var log in Directory.GetFiles(_options.Folder, "*.log", SearchOption.AllDirectories))
        {
            File.Copy(log, Path.Combine(folder, Path.GetFileName(log)), overwrite: true);
        }

        return folder;
    }

    private static string RootOf(BenchOptions options) => Path.Combine(options.Folder, "images");

    private async Task MigrateAsync()
    {
        var log = Path.Combine(_options.Folder, "migrate.log");
        var launch = Launch.Worker("migrate") with
        {
            Environment = [("ConnectionStrings__Postgres", Services.Postgres)],
            LogFile = log,
        };
        using var migrate = launch.Start();
        if (await migrate.ExitAsync(TimeSpan.FromMinutes(1)) != 0)
        {
            throw new InvalidOperationException($"partsworker migrate failed: {await File.ReadAllTextAsync(log)}");
        }
    }

    private (string Name, string Value)[] Settings(string rabbit, string postgres) =>
    [
        ("ConnectionStrings__RabbitMq", rabbit),
        ("ConnectionStrings__Postgres", postgres),
        ("Model__Bundle", Path.Combine(Repository.Root, _options.Model)),
        ("Model__Verify", "false"),
        ("Inference__Device", "cpu"),
        ("Images__Roots__0", Root),
        ("Images__Hosts__0", new Uri(Storage.Address).Authority),
        ("Images__AllowPrivateNetworks__0", "127.0.0.0/8"),
        ("Rabbit__ReconnectLimit", "00:00:03"),
        ("Results__Publish", _options.Results ? "true" : "false"),
    ];
}
