namespace PartsWorker.Faults.Cluster;

/// <summary>
/// Three RabbitMQ nodes, and PostgreSQL with a synchronous standby, started by <c>deploy/cluster.sh</c> for this run; the network between
/// them can fail.
/// </summary>
internal sealed class ServerCluster : IAsyncDisposable
{
    private readonly ServiceScript _script;

    public ServerCluster(string folder, int portBase)
    {
        Network = new(portBase);
        _script = new("cluster.sh",
        [
            ("PARTS_CLUSTER_DIR", folder),
            ("PARTS_PORT_BASE", $"{portBase}"),
            ("PARTS_EPMD_PORTS", Network.MapperPorts),
            ("PARTS_REPLICATION_PORTS", Network.ReplicationPorts),
        ]);
    }

    public NodeNetwork Network { get; }

    public string RabbitMq { get; private set; } = "";

    public string Postgres { get; private set; } = "";

    /// <inheritdoc cref="ServiceScript.Stop"/>
    public CancellationToken Stop
    {
        set => _script.Stop = value;
    }

    public static string Rabbit(int node) => $"rabbit{node + 1}";

    public async Task UpAsync()
    {
        await RunAsync("up");
        (RabbitMq, Postgres) = await _script.ConnectionStringsAsync();
    }

    /// <summary>The node, 0 to 2, that leads a quorum queue.</summary>
    public async Task<int> LeaderAsync(string queue) => Number(await RunAsync("leader", queue));

    /// <summary>The PostgreSQL server, 0 or 1, that takes writes.</summary>
    public async Task<int> PrimaryAsync() => Number(await RunAsync("primary"));

    /// <inheritdoc cref="ServiceScript.QueueTotalsAsync"/>
    public Task<IReadOnlyDictionary<string, int>> QueueTotalsAsync() => _script.QueueTotalsAsync();

    /// <inheritdoc cref="ServiceScript.DescribeQueuesAsync"/>
    public Task<string> DescribeQueuesAsync() => _script.DescribeQueuesAsync();

    public Task<string> RunAsync(params string[] arguments) => _script.RunAsync(arguments);

    /// <summary>Ends the network between the servers; the servers themselves end with <c>reset</c>.</summary>
    public ValueTask DisposeAsync() => Network.DisposeAsync();

    private static int Number(string server) => server.Trim()[^1] - '1';
}
