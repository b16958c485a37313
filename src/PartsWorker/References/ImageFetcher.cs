using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using PartsWorker.Failures;
using PartsWorker.Files;
using PartsWorker.Web;
using Polly.Timeout;

namespace PartsWorker.References;

/// <summary>
/// From a reference to its bytes: picks the source by scheme, retries briefly what time may mend, checks the SHA-256.
/// Throws <see cref="PartFailureException"/>, or cancellation when the caller cancelled.
/// </summary>
internal sealed class ImageFetcher : IDisposable
{
    private const int LongestReference = 2048;
    private readonly FrozenDictionary<string, IImageSource> _sources;
    private readonly FetchPatience _patience;

    public ImageFetcher(ImageOptions options, NetworkDoor door, TimeProvider time, ILogger<ImageFetcher> logger)
    {
        var web = new HttpSource(options, door, time);
        _sources = new Dictionary<string, IImageSource>(StringComparer.OrdinalIgnoreCase)
        {
            ["file"] = new FileSource(options),
            ["https"] = web,
            ["http"] = web,
            ["s3"] = new S3Source(options, door, time),
        }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
        _patience = new FetchPatience(options, time, logger);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<FetchedImage> FetchAsync(string uri, string? sha256, CancellationToken cancellationToken)
    {
        var source = SourceFor(uri);
        try
        {
            return await _patience.ExecuteAsync(new FetchTry(source, uri, sha256), cancellationToken);
        }
        catch (TimeoutRejectedException late)
        {
            throw Refusals.Missing(uri, $"not fetched within {late.Timeout.TotalSeconds:0.#} s (Images:AttemptTimeout, Images:TotalTimeout)");
        }
        catch (PartFailureException changed) when (changed is { Kind: FailureKind.UnreadableImage, Recovery: Recovery.Transient })
        {
            throw new PartFailureException(changed.Kind, Recovery.Permanent, changed.Message);
        }
        catch (Exception error) when (error is not PartFailureException and not OperationCanceledException)
        {
            // The boundary of the room: whatever a library throws concerns this one part, not the worker.
            throw Refusals.Missing(uri, $"fetching failed unexpectedly ({error.GetType().Name})", inner: error);
        }
    }

    public void Dispose()
    {
        foreach (var source in _sources.Values.OfType<IDisposable>().Distinct())
        {
            source.Dispose();
        }
    }

    private IImageSource SourceFor(string uri)
    {
        if (uri.Length > LongestReference)
        {
            throw Refusals.Forbidden(uri, $"a reference is at most {LongestReference} characters long");
        }

        var scheme = uri.IndexOf("://", StringComparison.Ordinal);
        return scheme > 0 && _sources.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(uri.AsSpan(0, scheme), out var source)
            ? source
            : throw Refusals.Forbidden(uri, "write file:///path, https://host/path, http://host/path or s3://bucket/key");
    }
}
