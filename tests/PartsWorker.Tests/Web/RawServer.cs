using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PartsWorker.Tests.Web;

/// <summary>A loopback server that answers every connection with exactly the bytes of the test, well-formed or not.</summary>
internal sealed class RawServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<Stream, CancellationToken, Task> _answer;
    private readonly Task _serving;

    public RawServer(Func<Stream, CancellationToken, Task> answer)
    {
        _answer = answer;
        _listener.Start();
        _serving = ServeAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public List<string> Requests { get; } = [];

    public static RawServer Saying(string head, byte[]? body = null) => new(async (stream, token) =>
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head.ReplaceLineEndings("\r\n") + "\r\n\r\n"), token);
        await stream.WriteAsync(body ?? [], token);
    });

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _serving;
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                connections.Add(AnswerAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (Exception) when (_stop.IsCancellationRequested)
        {
            // A listener that is disposed between two connections throws that it is not listening.
            await Task.WhenAll(connections);
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var buffer = new byte[8192];
                var count = await client.GetStream().ReadAsync(buffer, _stop.Token);
                lock (Requests)
                {
                    Requests.Add(Encoding.ASCII.GetString(buffer, 0, count));
                }

                await _answer(client.GetStream(), _stop.Token);
            }
            catch (Exception error) when (error is OperationCanceledException or IOException)
            {
                // The client has hung up, which is what most of these tests are about.
            }
        }
    }
}
