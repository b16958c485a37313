using System.Collections.Frozen;
using Microsoft.Extensions.Logging;
using PartsWorker.Failures;
using Polly;
using Polly.Timeout;

namespace PartsWorker.References;

/// <summary>
/// Fetches the bytes of a reference: picks the source by scheme, retries transient failures briefly, checks the SHA-256.
/// Throws <see cref="PartFailureException"/> when the image cannot be fetched, or <see cref="OperationCanceledException"/> when the caller
/// cancelled. Any other exception is a fault of the worker, not of the image.
/// </summary>
internal sealed class ImageFetcher
{
    private const int LongestReference = 2048;
    private readonly FrozenDictionary<string, IImageSource> _sources;
    private readonly string _forms;
    private readonly ReferenceMap _map;
    private readonly ResiliencePipeline<FetchedImage> _pipeline;

    public ImageFetcher(IEnumerable<IImageSource> sources, ImageOptions options, TimeProvider time, ILogger<ImageFetcher> logger)
    {
        var forms = sources.SelectMany(source => source.Forms, (source, form) => (Source: source, Form: form)).ToArray();
        _sources = forms.ToFrozenDictionary(entry => SchemeOf(entry.Form), entry => entry.Source, StringComparer.OrdinalIgnoreCase);
        _forms = string.Join(" or ", forms.Select(entry => entry.Form));
        _map = new ReferenceMap(options);
        _pipeline = FetchResilience.CreatePipeline(options, time, logger);
    }

    /// <param name="uri">The reference as published, at most 2,048 characters.</param>
    /// <param name="sha256">The expected checksum as 64 hexadecimal digits, or null where the publisher gave none.</param>
    /// <param name="cancellationToken">The caller's cancellation; it also abandons a read that blocks.</param>
    public async ValueTask<FetchedImage> FetchAsync(string uri, string? sha256, CancellationToken cancellationToken)
    {
        uri = uri.Length <= LongestReference ? _map.Apply(uri) : uri;
        var source = SourceFor(uri);
        try
        {
            return await _pipeline.ExecuteAsync(AttemptAsync, (source, uri, sha256), cancellationToken);
        }
        catch (TimeoutRejectedException late)
        {
            var limit = late.Timeout.TotalSeconds;
            throw Refusals.Missing(uri, $"not fetched within {limit:0.#} s (Images:AttemptTimeout, Images:TotalTimeout)");
        }
        catch (PartFailureException changed) when (changed is { Kind: FailureKind.UnreadableImage, Recovery: Recovery.Transient })
        {
            // Every attempt read the wrong bytes, so the file is not just still being copied.
            throw new PartFailureException(changed.Kind, Recovery.Permanent, changed.Message);
        }
    }

    private static async ValueTask<FetchedImage> AttemptAsync(
        (IImageSource Source, string Uri, string? Sha256) fetch, CancellationToken cancellationToken)
    {
        var image = await fetch.Source.ReadAsync(fetch.Uri, cancellationToken);
        try
        {
            Checksum.Verify(fetch.Uri, image.Bytes.Span, fetch.Sha256);
            return image;
        }
        catch
        {
            image.Dispose();
            throw;
        }
    }

    private IImageSource SourceFor(string uri)
    {
        if (uri.Length > LongestReference)
        {
            throw Refusals.Forbidden(uri, $"a reference is at most {LongestReference} characters long");
        }

        return _sources.TryGetValue(SchemeOf(uri), out var source) ? source
            : throw Refusals.Forbidden(
                uri, $"write {_forms}" + (WindowsPath.Of(uri) is null ? "" : ", or map this path of Windows (Images:Map:0:From and To)"));
    }

    /// <returns>The part before <c>://</c>; empty when the reference has none.</returns>
    private static string SchemeOf(string uri) => uri[..Math.Max(0, uri.IndexOf("://", StringComparison.Ordinal))];
}
