using System.Net.Sockets;
using Amazon.Runtime;
using Amazon.Runtime.Credentials;
using Amazon.S3;
using PartsWorker.References;

namespace PartsWorker.Web;

/// <summary>An S3 client with the HTTP handler of this room; it neither retries nor follows redirects.</summary>
internal static class S3Client
{
    public static AmazonS3Client Create(ImageOptions options, Dialer dialer)
    {
        var s3 = options.S3;
        var config = new AmazonS3Config
        {
            AuthenticationRegion = s3.Region,
            ForcePathStyle = s3.ForcePathStyle,
            MaxErrorRetry = 0,
            AllowAutoRedirect = false,
            HttpClientFactory = new HandlerFactory(options, dialer),
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
        return (access.Length, secret.Length) switch
        {
            (0, _) => DefaultAWSCredentialsIdentityResolver.GetCredentials(),
            (_, 0) => throw new AmazonClientException("Images:S3 has an access key but no secret key"),
            _ => new BasicAWSCredentials(access, secret),
        };
    }

    private static string? FromFile(string path) => path.Length > 0 ? File.ReadAllText(path).Trim() : null;

    /// <summary>The operator sets the address of the store, so it may be private; connections still go through the dialer.</summary>
    private sealed class HandlerFactory(ImageOptions options, Dialer dialer) : HttpClientFactory
    {
        public override HttpClient CreateHttpClient(IClientConfig clientConfig) =>
            new(WebClient.Handler(options, ConnectAsync)) { Timeout = Timeout.InfiniteTimeSpan };

        private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
        {
            var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
            var addresses = await dialer.Resolve(host, cancellationToken);
            return addresses.Length > 0
                ? await dialer.ConnectToFirstAsync(addresses, port, options.ReadTimeout, cancellationToken)
                : throw new SocketException((int)SocketError.HostNotFound);
        }
    }
}
