using System.Net;
using PartsWorker.Web;

namespace PartsWorker.Tests.Web;

/// <summary>Resolves names from a table, records every attempt, and connects only to the loopback address.</summary>
internal sealed class RecordingDialer
{
    public Dictionary<string, string[]> Names { get; } = new(StringComparer.OrdinalIgnoreCase);

    public List<string> Resolved { get; } = [];

    public List<IPEndPoint> Connected { get; } = [];

    public Dialer Dialer => new(ResolveAsync, ConnectAsync);

    private Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        lock (Resolved)
        {
            Resolved.Add(host);
        }

        return Task.FromResult(Names.TryGetValue(host, out var addresses) ? Array.ConvertAll(addresses, IPAddress.Parse) : []);
    }

    private ValueTask<Stream> ConnectAsync(IPEndPoint endpoint, CancellationToken cancellationToken)
    {
        lock (Connected)
        {
            Connected.Add(endpoint);
        }

        return IPAddress.IsLoopback(endpoint.Address)
            ? Dialer.System.Connect(endpoint, cancellationToken)
            : throw new InvalidOperationException($"a test tried to leave for {endpoint}");
    }
}
