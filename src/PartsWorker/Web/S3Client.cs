using System.Net;
using System.Net.Sockets;
using Amazon.Runtime;
using Amazon.Runtime.Credentials;
using Amazon.S3;
using PartsWorker.References;

namespace PartsWorker.Web;

/// <summary>An S3 client that uses this room's HTTP handler, makes no retries of its own and follows nothing.</summary>
internal static class S3Client
{
    public static AmazonS3Client Create(ImageOptions options, NetworkDoor door)
    {
        var s3 = options.S3;
        var config = new AmazonS3Config
        {
            AuthenticationRegion = s3.Region,
            ForcePathStyle = s3.ForcePathStyle,
            MaxErrorRetry = 0,
            AllowAutoRedirect = false,
            HttpClientFactory = new HandlerFactory(options, door),
        };
        if (s3.Endpoint.Length > 0)
        {
            config.ServiceURL = s3.Endpoint;
        }
        else
        {
            config.RegionEndpoint = Amazon.RegionEndpoint.GetBySystemName(s3.Region);
        }

        return new(Credentials(s3), config);
    }

    private static AWSCredentials Credentials(S3Options s3)
    {
        var (access, secret) = (FromFile(s3.AccessKeyFile) ?? s3.AccessKey, FromFile(s3.SecretKeyFile) ?? s3.SecretKey);
        return access.Length > 0 ? new BasicAWSCredentials(access, secret) : DefaultAWSCredentialsIdentityResolver.GetCredentials();
    }

    private static string? FromFile(string path) => path.Length > 0 ? File.ReadAllText(path).Trim() : null;

    /// <summary>The store's address is the operator's own setting, so it may be private; it still goes through the door.</summary>
    private sealed class HandlerFactory(ImageOptions options, NetworkDoor door) : HttpClientFactory
    {
        public override HttpClient CreateHttpClient(IClientConfig clientConfig) =>
            new(WebClient.Handler(options, ConnectAsync)) { Timeout = Timeout.InfiniteTimeSpan };

        public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

        private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
        {
            var addresses = await door.Resolve(context.DnsEndPoint.Host, cancellationToken);
            return addresses.Length > 0
                ? await door.Connect(new IPEndPoint(addresses[0], context.DnsEndPoint.Port), cancellationToken)
                : throw new SocketException((int)SocketError.HostNotFound);
        }
    }
}
