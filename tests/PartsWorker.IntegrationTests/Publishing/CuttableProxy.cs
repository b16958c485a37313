using System.Net;
using System.Net.Sockets;

namespace PartsWorker.IntegrationTests.Publishing;

/// <summary>Stands between client and broker on loopback; lets a test take the broker away and give it back, or swallow what it says.</summary>
internal sealed class CuttableProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _closing = new();
    private readonly List<TcpClient> _open = [];
    private readonly Uri _broker = new(Broker.ConnectionString);
    private readonly Task _accepting;
    private volatile bool _away;
    private volatile bool _swallowing;

    public CuttableProxy(bool away = false)
    {
        _away = away;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string ConnectionString => $"amqp://{_broker.UserInfo}@127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    public void GiveBack() => (_away, _swallowing) = (false, false);

    /// <summary>Half-open: the connection stands, but nothing the broker says comes through.</summary>
    public void SwallowAnswers() => _swallowing = true;

    public void TakeAway(bool comeBack = false)
    {
        _away = !comeBack;
        lock (_open)
        {
            foreach (var client in _open)
            {
                client.Client?.Close(0);
            }

            _open.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        TakeAway();
        // Stopping first would meet a loop that is about to accept again.
        await _accepting;
        _listener.Stop();
        _closing.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (!_closing.IsCancellationRequested)
            {
                var client = await _listener.AcceptTcpClientAsync(_closing.Token);
                if (_away)
                {
                    client.Client?.Close(0);
                    continue;
                }

                var broker = new TcpClient();
                await broker.ConnectAsync(IPAddress.Loopback, _broker.Port, _closing.Token);
                lock (_open)
                {
                    _open.AddRange([client, broker]);
                }

                _ = PumpAsync(client, broker, () => false);
                _ = PumpAsync(broker, client, () => _swallowing);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException)
        {
            // The test is over.
        }
    }

    private static async Task PumpAsync(TcpClient from, TcpClient to, Func<bool> swallowing)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            for (int read; (read = await from.GetStream().ReadAsync(buffer)) > 0;)
            {
                if (!swallowing())
                {
                    await to.GetStream().WriteAsync(buffer.AsMemory(0, read));
                }
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or InvalidOperationException or SocketException)
        {
            // Cut, as asked.
        }

        to.Dispose();
    }
}
