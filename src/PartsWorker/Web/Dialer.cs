using System.Net;
using System.Net.Sockets;

namespace PartsWorker.Web;

/// <summary>The two steps from a host name to a connection; a test replaces them and records each attempt.</summary>
internal sealed record Dialer(
    Func<string, CancellationToken, Task<IPAddress[]>> Resolve,
    Func<IPEndPoint, CancellationToken, ValueTask<Stream>> Connect)
{
    public static Dialer System { get; } = new(Dns.GetHostAddressesAsync, ConnectAsync);

    /// <summary>Connects to the first of the addresses that answers.</summary>
    /// <param name="addresses">One or more.</param>
    /// <param name="port">TCP port.</param>
    /// <param name="limit">The caller's time for all of them. Each but the last gets an equal share: a dead one may not refuse.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="SocketException">None answers; the reason of the last one.</exception>
    public async ValueTask<Stream> ConnectToFirstAsync(
        IPAddress[] addresses, int port, TimeSpan limit, CancellationToken cancellationToken)
    {
        foreach (var address in addresses[..^1])
        {
            using var share = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            share.CancelAfter(limit / addresses.Length);
            try
            {
                return await Connect(new IPEndPoint(address, port), share.Token);
            }
            catch (Exception error) when (
                error is SocketException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
            {
                // The next address of the same list may answer.
            }
        }

        return await Connect(new IPEndPoint(addresses[^1], port), cancellationToken);
    }

    private static async ValueTask<Stream> ConnectAsync(IPEndPoint endpoint, CancellationToken cancellationToken)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endpoint, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
