using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace PartsWorker.Faults.Cluster;

/// <summary>Stands between the workers and one service on loopback, and is the bad network.</summary>
internal sealed class Proxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<ProxyLink, byte> _links = new();
    private readonly int _target;
    private readonly Task _accepting;

    public Proxy(int target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public ProxyMode Mode { get; set; }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Resets every open connection on both sides; returns how many.</summary>
    public int Cut()
    {
        var cut = _links.Keys.ToArray();
        Array.ForEach(cut, link => link.Reset());
        return cut.Length;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Cut();
        // Stopping first would meet a loop that is about to accept again.
        await _accepting;
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = CarryAsync(await _listener.AcceptSocketAsync(_stop.Token));
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The bench ends.
        }
    }

    private async Task CarryAsync(Socket client)
    {
        using var link = new ProxyLink(client, () => Mode);
        _links[link] = 0;
        try
        {
            await link.CarryAsync(_target, _stop.Token);
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            link.Reset();
        }
        finally
        {
            _links.TryRemove(link, out _);
        }
    }
}
