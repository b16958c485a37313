namespace PartsWorker.Faults.Cluster;

/// <summary>A private RabbitMQ and PostgreSQL for this run, started by <c>deploy/services.sh</c> with their own folder and ports.</summary>
internal sealed class Services(string folder, int portBase, bool pgBouncer = false)
{
    private readonly ServiceScript _script = new("services.sh",
    [
        ("PARTS_SERVICES_DIR", folder),
        ("PARTS_PORT_BASE", $"{portBase}"),
        // Belongs to the services of the caller.
        ("PARTS_MQTT_PORT", ""),
        ("PARTS_PGBOUNCER_PORT", pgBouncer ? $"{portBase + 6}" : ""),
    ]);

    public string RabbitMq { get; private set; } = "";

    public string Postgres { get; private set; } = "";

    /// <summary>What workers connect to: PgBouncer if there is one, otherwise PostgreSQL itself.</summary>
    public int DatabasePort => pgBouncer ? portBase + 6 : portBase + 4;

    public async Task UpAsync()
    {
        await RunAsync("up");
        (RabbitMq, Postgres) = await _script.ConnectionStringsAsync();
    }

    /// <param name="service"><c>rabbitmq</c> or <c>postgres</c>.</param>
    /// <param name="kill">SIGKILL instead of a clean stop.</param>
    public Task RestartAsync(string service, bool kill) => kill ? RunAsync("restart", service, "--kill") : RunAsync("restart", service);

    /// <inheritdoc cref="ServiceScript.QueueTotalsAsync"/>
    public Task<IReadOnlyDictionary<string, int>> QueueTotalsAsync() => _script.QueueTotalsAsync();

    /// <inheritdoc cref="ServiceScript.DescribeQueuesAsync"/>
    public Task<string> DescribeQueuesAsync() => _script.DescribeQueuesAsync();

    /// <summary>Stops both and deletes their data, in any state that an earlier run left.</summary>
    public async Task DeleteAsync()
    {
        await RunAsync("down");
        Disks.Unmount(folder);
        await RunAsync("reset");
    }

    public Task<string> RunAsync(params string[] arguments) => _script.RunAsync(arguments);
}
