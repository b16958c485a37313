using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace PartsWorker.Harness.Network;

/// <summary>Terminates TLS in front of the real broker or the real database, with the given certificate.</summary>
internal sealed class TlsFront : IAsyncDisposable
{
    private const int PostgresSslRequestBytes = 8;
    private readonly LoopbackListener _listener;

    /// <param name="certificate">The certificate for every client.</param>
    /// <param name="port">Port of the service.</param>
    /// <param name="postgres">Clients request TLS with the message of the PostgreSQL protocol first.</param>
    public TlsFront(X509Certificate2 certificate, int port, bool postgres = false) =>
        _listener = new((client, stop) => ServeAsync(client, certificate, port, postgres, stop));

    public int Port => _listener.Port;

    public ValueTask DisposeAsync() => _listener.DisposeAsync();

    private static async Task ServeAsync(Socket client, X509Certificate2 certificate, int port, bool postgres, CancellationToken stop)
    {
        await using var plain = new NetworkStream(client, ownsSocket: true);
        if (postgres)
        {
            await plain.ReadExactlyAsync(new byte[PostgresSslRequestBytes], stop);
            await plain.WriteAsync("S"u8.ToArray(), stop);
        }

        try
        {
            await using var tls = new SslStream(plain);
            await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, stop);
            using var server = new TcpClient();
            await server.ConnectAsync(IPAddress.Loopback, port, stop);
            await Task.WhenAny(tls.CopyToAsync(server.GetStream(), stop), server.GetStream().CopyToAsync(tls, stop));
        }
        catch (AuthenticationException)
        {
            // The client rejected the certificate, as some tests expect.
        }
    }
}
