using System.Net;
using System.Net.Sockets;

namespace PartsWorker.Harness.Network;

/// <summary>
/// One connection through the proxy. A direction that has dropped a byte drops all that follow: a stream with a gap would be a different
/// fault.
/// </summary>
/// <param name="client">The side that connected.</param>
/// <param name="mode">What to do with the next bytes.</param>
/// <param name="count">Told whether bytes that arrived are an answer, and how many they are.</param>
internal sealed class ProxyLink(Socket client, Func<ProxyMode> mode, Action<bool, int> count) : IDisposable
{
    private readonly Socket _server = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private volatile bool _deaf;
    private volatile bool _mute;

    public async Task CarryAsync(int target, CancellationToken stop)
    {
        client.NoDelay = true;
        await _server.ConnectAsync(new IPEndPoint(IPAddress.Loopback, target), stop);
        var up = PumpAsync(client, _server, () => Swallows(ProxyMode.Swallow), bytes => count(false, bytes), stop);
        var down = PumpAsync(_server, client, () => Swallows(ProxyMode.SwallowAnswers), bytes => count(true, bytes), stop);
        await Task.WhenAny(up, down);
        if (_deaf)
        {
            // A half-open connection does not report that the other side has closed it, either.
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

    // The mode that drops only one direction also identifies that direction.
    private bool Swallows(ProxyMode direction)
    {
        _deaf |= mode() == ProxyMode.Swallow;
        _mute |= mode() == ProxyMode.SwallowAnswers;
        return _deaf || (_mute && direction == ProxyMode.SwallowAnswers);
    }

    private async Task PumpAsync(Socket from, Socket to, Func<bool> swallows, Action<int> arrived, CancellationToken stop)
    {
        var buffer = new byte[64 * 1024];
        while (await from.ReceiveAsync(buffer, stop) is var bytes and > 0)
        {
            arrived(bytes);
            if (mode() == ProxyMode.Slow)
            {
                await Task.Delay(150, stop);
            }

            var swallowed = swallows();
            for (var sent = 0; !swallowed && sent < bytes;)
            {
                sent += await to.SendAsync(buffer.AsMemory(sent, bytes - sent), stop);
            }
        }

        if (_deaf)
        {
            await Task.Delay(Timeout.Infinite, stop);
        }
    }
}
