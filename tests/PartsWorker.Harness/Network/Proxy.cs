using System.Collections.Concurrent;
using System.Net.Sockets;

namespace PartsWorker.Harness.Network;

/// <summary>A proxy between a client and one service on loopback that simulates network faults.</summary>
internal sealed class Proxy : IAsyncDisposable
{
    private readonly ConcurrentDictionary<ProxyLink, byte> _links = new();
    private readonly LoopbackListener _listener;
    private long _sent;
    private long _answered;

    /// <param name="target">Port of the service.</param>
    public Proxy(int target) => _listener = new((client, stop) => CarryAsync(client, target, stop));

    public ProxyMode Mode { get; set; }

    public int Port => _listener.Port;

    /// <summary>Bytes that clients have sent so far.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>Bytes that the service has answered so far.</summary>
    public long Answered => Interlocked.Read(ref _answered);

    /// <summary>Resets every open connection on both sides; returns their number.</summary>
    public int Cut()
    {
        var cut = _links.Keys.ToArray();
        Array.ForEach(cut, link => link.Reset());
        return cut.Length;
    }

    /// <summary>Resets open connections and refuses new ones until <see cref="Mode"/> is set again.</summary>
    public void TakeAway()
    {
        Mode = ProxyMode.Refuse;
        Cut();
    }

    public async ValueTask DisposeAsync()
    {
        TakeAway();
        await _listener.DisposeAsync();
    }

    private async Task CarryAsync(Socket client, int target, CancellationToken stop)
    {
        using var link = new ProxyLink(client, () => Mode, Count);
        _links[link] = 0;
        try
        {
            if (Mode == ProxyMode.Refuse)
            {
                link.Reset();
                return;
            }

            await link.CarryAsync(target, stop);
        }
        finally
        {
            link.Reset();
            _links.TryRemove(link, out _);
        }
    }

    private void Count(bool isAnswer, int bytes)
    {
        _ = isAnswer ? Interlocked.Add(ref _answered, bytes) : Interlocked.Add(ref _sent, bytes);
    }
}
