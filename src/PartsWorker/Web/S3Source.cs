using System.Net;
using System.Net.Sockets;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using PartsWorker.Failures;
using PartsWorker.References;

namespace PartsWorker.Web;

/// <summary><c>s3://bucket/key</c> references to listed buckets, on Amazon or a MinIO-style store.</summary>
internal sealed class S3Source(ImageOptions options, Dialer dialer, TimeProvider time) : IImageSource, IDisposable
{
    // One store serves all buckets.
    private readonly StorageWatch _watch = new(configuredHosts: 1);

    // Created at first use: a worker without s3 references needs no credentials. A failure (secret not mounted yet) is not cached.
    private readonly Lazy<AmazonS3Client> _client = new(() => S3Client.Create(options, dialer), LazyThreadSafetyMode.PublicationOnly);

    public IReadOnlyList<string> Forms { get; } = ["s3://bucket/key"];

    public async ValueTask<FetchedImage> ReadAsync(string reference, CancellationToken cancellationToken)
    {
        var (bucket, key) = S3Reference.Check(reference, options);
        using var idle = new IdleTimeout(options.ReadTimeout, time, cancellationToken);
        try
        {
            var request = new GetObjectRequest { BucketName = bucket, Key = key };
            using var response = await _client.Value.GetObjectAsync(request, idle.Token);
            if (response.ContentLength > options.MaxBytes)
            {
                throw Refusals.TooLarge(reference, options.MaxBytes);
            }

            var image = await StreamCopy.ReadAsync(response.ResponseStream, reference, options.MaxBytes, idle);
            if (image.Bytes.Length < response.ContentLength)
            {
                image.Dispose();
                throw Refusals.Missing(reference, "the answer ended before its announced length");
            }

            _watch.Succeeded();
            return image;
        }
        catch (AmazonS3Exception error)
        {
            throw Explain(reference, error);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Refusals.Missing(reference, $"object storage: {idle.Message}", _watch.Failed("s3"));
        }
        catch (Exception error) when (IsFailureOfStore(error))
        {
            throw Refusals.Missing(reference, $"object storage: {error.Message}", _watch.Failed("s3"), error);
        }
    }

    public void Dispose()
    {
        if (_client.IsValueCreated)
        {
            _client.Value.Dispose();
        }
    }

    // Of the network, of the SDK, of its credential sources, and of the files that hold the keys. The SDK passes on the inner exception of
    // a connection that timed out.
    private static bool IsFailureOfStore(Exception error) =>
        error is AmazonClientException or AmazonServiceException or ProcessAWSCredentialException
            or HttpRequestException or IOException or SocketException or TimeoutException or WebException or UnauthorizedAccessException;

    private PartFailureException Explain(string reference, AmazonS3Exception error)
    {
        switch ((int)error.StatusCode, error.ErrorCode)
        {
            case (404, "NoSuchBucket"):
                return Refusals.Missing(reference, "the store has no such bucket", _watch.Failed("s3"));
            case (404, _):
                _watch.Succeeded();
                return Refusals.Missing(reference, "there is no such object (yet): 404");
            case (_, "InvalidAccessKeyId" or "SignatureDoesNotMatch" or "ExpiredToken" or "InvalidToken" or "RequestTimeTooSkewed"):
                // Nothing is wrong with the image: every fetch fails until the credentials are fixed.
                return Refusals.Missing(reference, $"the store refuses the credentials ({error.ErrorCode})", Recovery.WithDependency);
            case ( >= 500 or 0, _):
                return Refusals.Missing(reference, $"object storage answered {(int)error.StatusCode}", _watch.Failed("s3"));
            case ( >= 300 and < 400, _):
                return Refusals.Forbidden(reference, "the store redirects; redirects are not followed (Images:S3:Region?)");
            default:
                return Refusals.Missing(reference, $"object storage answered {(int)error.StatusCode} {error.ErrorCode}");
        }
    }
}
