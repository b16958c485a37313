namespace PartsWorker.Harness.Network;

/// <summary>What the proxy does with connections and bytes.</summary>
internal enum ProxyMode
{
    Forward,

    /// <summary>Forward, each piece 150 ms late.</summary>
    Slow,

    /// <summary>Take everything and pass nothing on: half-open, as behind a firewall that forgot the connection.</summary>
    Swallow,

    /// <summary>Pass on what the client sends, and nothing of what the service answers.</summary>
    SwallowAnswers,

    /// <summary>Reset new connections; open ones stay until <see cref="Proxy.Cut"/>.</summary>
    Refuse,
}
