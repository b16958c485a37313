using System.Net;
using PartsWorker.References;

namespace PartsWorker.Web;

/// <summary>
/// The HTTP handler of this room: no redirects, no proxy, no cookies, no credentials, no decompression; every connection goes through the
/// given callback.
/// </summary>
internal static class WebClient
{
    public static SocketsHttpHandler Handler(
        ImageOptions options, Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>> connect) => new()
        {
            ConnectCallback = connect,
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            Credentials = null,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            ConnectTimeout = options.ReadTimeout,
            MaxConnectionsPerServer = options.ConnectionsPerHost,
            MaxResponseHeadersLength = 16,
            MaxResponseDrainSize = 0,
            // Names are resolved and checked again, in case storage moves.
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        };
}
