namespace PartsWorker.Harness.Network;

/// <summary>What the proxy does with connections and bytes.</summary>
internal enum ProxyMode
{
    Forward,

    /// <summary>Forward, with a delay of 150 ms per read.</summary>
    Slow,

    /// <summary>Accept everything and forward nothing: half-open, as behind a firewall that dropped the connection.</summary>
    Swallow,

    /// <summary>Forward what the client sends, and drop what the service answers.</summary>
    SwallowAnswers,

    /// <summary>Reset new connections; open ones stay until <see cref="Proxy.Cut"/>.</summary>
    Refuse,
}
