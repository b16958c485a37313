using System.Net;
using System.Net.Sockets;

namespace PartsWorker.Harness.Network;

/// <summary>Accepts connections on a free loopback port and serves them concurrently.</summary>
internal sealed class LoopbackListener : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<Socket, CancellationToken, Task> _serve;
    private readonly Task _accepting;

    /// <param name="serve">Owns the socket that it is given, and ends when the token is cancelled.</param>
    public LoopbackListener(Func<Socket, CancellationToken, Task> serve)
    {
        _serve = serve;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        // Stop the listener only after the loop has ended, because the loop could be about to accept again.
        await _accepting;
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var stop = _stop.Token;
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptSocketAsync(stop), stop);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The listener is disposed.
        }
    }

    private async Task ServeAsync(Socket client, CancellationToken stop)
    {
        try
        {
            await _serve(client, stop);
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or IOException or ObjectDisposedException)
        {
            // One of the two sides closed the connection, or the listener is disposed.
        }
    }
}
