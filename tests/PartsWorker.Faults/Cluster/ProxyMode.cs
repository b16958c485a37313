namespace PartsWorker.Faults.Cluster;

/// <summary>What the proxy does with bytes.</summary>
internal enum ProxyMode
{
    Forward,

    /// <summary>Forward, each piece 150 ms late.</summary>
    Slow,

    /// <summary>Take everything and pass nothing on: half-open, as behind a firewall that forgot the connection.</summary>
    Swallow,
}
