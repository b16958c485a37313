using System.Net;
using System.Net.Sockets;

namespace PartsWorker.Tests.Support;

internal static class FreePort
{
    /// <returns>A port on which no process listened a moment ago.</returns>
    public static int Find()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
