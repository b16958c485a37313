using PartsWorker.Harness.Network;

namespace PartsWorker.Faults.Cluster;

/// <summary>
/// The network between the servers of a cluster: a proxy for each direction between two RabbitMQ nodes, and one before each PostgreSQL
/// server for its standby. Clients reach the servers directly.
/// </summary>
internal sealed class NodeNetwork : IAsyncDisposable
{
    private const int Nodes = 3;
    private readonly Proxy?[,] _between = new Proxy?[Nodes, Nodes];
    private readonly PortMapper[] _mappers;
    private readonly Proxy[] _replication;

    /// <param name="portBase">First port of the cluster, as <c>deploy/cluster.sh</c> counts them.</param>
    public NodeNetwork(int portBase)
    {
        foreach (var (from, to) in Enumerable.Range(0, Nodes * Nodes).Select(i => (i / Nodes, i % Nodes)).Where(p => p.Item1 != p.Item2))
        {
            _between[from, to] = new Proxy(portBase + 3 + to);
        }

        _mappers = [.. Enumerable.Range(0, Nodes).Select(node => new PortMapper(name => Find(node, name, portBase)))];
        _replication = [new(portBase + 7), new(portBase + 8)];
    }

    public string MapperPorts => string.Join(' ', _mappers.Select(mapper => mapper.Port));

    public string ReplicationPorts => string.Join(' ', _replication.Select(proxy => proxy.Port));

    /// <summary>Separates a RabbitMQ node from the two others.</summary>
    /// <param name="node">0 to 2.</param>
    /// <param name="silently">Open connections stay and carry nothing; otherwise they are reset, and new ones are refused.</param>
    public void Isolate(int node, bool silently) => Array.ForEach(Around(node), proxy =>
    {
        if (silently)
        {
            proxy.Mode = ProxyMode.Swallow;
        }
        else
        {
            proxy.TakeAway();
        }
    });

    /// <summary>Ends the separation. Open connections are reset, because those that have lost bytes are useless.</summary>
    public void Join(int node) => Array.ForEach(Around(node), Restore);

    /// <summary>What the standby's connection to this PostgreSQL server, 0 or 1, goes through.</summary>
    public void SetReplication(int primary, ProxyMode mode) => _replication[primary].Mode = mode;

    public void RestoreReplication() => Array.ForEach(_replication, Restore);

    public async ValueTask DisposeAsync()
    {
        foreach (var proxy in _between.Cast<Proxy?>().OfType<Proxy>().Concat(_replication))
        {
            await proxy.DisposeAsync();
        }

        foreach (var mapper in _mappers)
        {
            await mapper.DisposeAsync();
        }
    }

    private static void Restore(Proxy proxy)
    {
        proxy.Mode = ProxyMode.Forward;
        proxy.Cut();
    }

    private Proxy[] Around(int node) =>
    [
        .. Enumerable.Range(0, Nodes).Where(other => other != node)
            .SelectMany(other => new[] { _between[node, other]!, _between[other, node]! }),
    ];

    // Other names than those of nodes are those of rabbitmqctl, to which every node answers directly.
    private NodeEntry? Find(int asking, string name, int portBase)
    {
        var node = Enumerable.Range(0, Nodes).FirstOrDefault(i => name == $"parts_{portBase + i}", asking);
        var entry = _mappers.Select(mapper => mapper.Registered(name)).FirstOrDefault(found => found is not null);
        return node == asking ? entry : entry is null ? null : entry with { Port = _between[asking, node]!.Port };
    }
}
