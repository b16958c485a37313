using System.Net;
using System.Net.Sockets;

namespace PartsWorker.Faults.Cluster;

/// <summary>One connection through the proxy. Once it has swallowed a byte it swallows all: a stream with a hole would be a different fault.</summary>
internal sealed class ProxyLink(Socket client, Func<ProxyMode> mode) : IDisposable
{
    private readonly Socket _server = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private volatile bool _deaf;

    public async Task CarryAsync(int target, CancellationToken stop)
    {
        client.NoDelay = true;
        await _server.ConnectAsync(new IPEndPoint(IPAddress.Loopback, target), stop);
        var up = PumpAsync(client, _server, stop);
        var down = PumpAsync(_server, client, stop);
        await Task.WhenAny(up, down);
        if (_deaf)
        {
            // Nobody hears the other side hang up either.
            await Task.WhenAll(up, down);
        }
        else
        {
            Reset();
            await Task.WhenAll(up, down).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public void Reset()
    {
        foreach (var socket in new[] { client, _server })
        {
            try
            {
                // Lingering for zero seconds sends RST instead of FIN.
                socket.LingerState = new LingerOption(enable: true, seconds: 0);
                socket.Close();
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException)
            {
                // Closed already.
            }
        }
    }

    public void Dispose()
    {
        client.Dispose();
        _server.Dispose();
    }

    private async Task PumpAsync(Socket from, Socket to, CancellationToken stop)
    {
        var buffer = new byte[64 * 1024];
        while (await from.ReceiveAsync(buffer, stop) is var count and > 0)
        {
            if (mode() == ProxyMode.Slow)
            {
                await Task.Delay(150, stop);
            }

            _deaf |= mode() == ProxyMode.Swallow;
            for (var sent = 0; !_deaf && sent < count;)
            {
                sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), stop);
            }
        }

        if (_deaf)
        {
            await Task.Delay(Timeout.Infinite, stop);
        }
    }
}
