using System.Net;
using System.Net.Sockets;

namespace PartsWorker.Web;

/// <summary>The two steps by which a host name becomes a connection. One place, so that a test can stand in it and see every attempt to leave.</summary>
internal sealed record NetworkDoor(
    Func<string, CancellationToken, Task<IPAddress[]>> Resolve,
    Func<IPEndPoint, CancellationToken, ValueTask<Stream>> Connect)
{
    public static NetworkDoor System { get; } = new(Dns.GetHostAddressesAsync, ConnectAsync);

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
