using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace PartsWorker.IntegrationTests.Publishing;

/// <summary>Speaks TLS in front of the real broker or the real database, with a certificate of the test's choice.</summary>
internal sealed class TlsFront : IAsyncDisposable
{
    private const int PostgresSslRequestBytes = 8;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _closing = new();
    private readonly Task _accepting;

    public TlsFront(X509Certificate2 certificate, int port, bool postgres = false)
    {
        _listener.Start();
        _accepting = AcceptAsync(certificate, port, postgres);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        // Stopping first would meet a loop that is about to accept again.
        await _accepting;
        _listener.Stop();
        _closing.Dispose();
    }

    private async Task AcceptAsync(X509Certificate2 certificate, int port, bool postgres)
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_closing.Token);
                _ = ServeAsync(client, certificate, port, postgres);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client, X509Certificate2 certificate, int port, bool postgres)
    {
        using var server = new TcpClient();
        using var _ = client;
        try
        {
            if (postgres)
            {
                await client.GetStream().ReadExactlyAsync(new byte[PostgresSslRequestBytes], _closing.Token);
                await client.GetStream().WriteAsync("S"u8.ToArray(), _closing.Token);
            }

            await using var tls = new SslStream(client.GetStream());
            await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, _closing.Token);
            await server.ConnectAsync(IPAddress.Loopback, port, _closing.Token);
            await Task.WhenAny(tls.CopyToAsync(server.GetStream(), _closing.Token), server.GetStream().CopyToAsync(tls, _closing.Token));
        }
        catch (Exception error) when (error is IOException or AuthenticationException or SocketException or OperationCanceledException)
        {
            // The client did not like the certificate, which is what some tests are for.
        }
    }
}
