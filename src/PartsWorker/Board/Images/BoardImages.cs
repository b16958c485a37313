using Microsoft.Extensions.Caching.Memory;
using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Failures;
using PartsWorker.References;

namespace PartsWorker.Board.Images;

/// <summary>
/// Finds, fetches and renders images by their id, by the worker's own rules (roots, hosts, buckets, limits), and keeps the results in a
/// bounded cache. Many are fetched at a time, because a share may be slow, and two rendered: a page of hundreds of thumbnails must leave
/// the processor to others.
/// </summary>
internal sealed class BoardImages(BoardDatabase database, ImageFetcher fetcher, ImageRenderer renderer, BoardOptions options) : IDisposable
{
    private const int FetchedAtATime = 16;
    private const int RenderedAtATime = 2;
    private static readonly TimeSpan MissingFor = TimeSpan.FromSeconds(20);

    private readonly MemoryCache _cache = new(new MemoryCacheOptions { SizeLimit = options.CacheMiB * 1024L * 1024 });
    private readonly SemaphoreSlim _fetching = new(FetchedAtATime);
    private readonly SemaphoreSlim _rendering = new(RenderedAtATime);

    // The images of dead letters are often those that cannot be fetched; the others do not wait for them.
    private readonly SemaphoreSlim _fetchingLetters = new(RenderedAtATime);

    /// <inheritdoc cref="ImageReference.FindAsync" path="/exception" />
    public async Task<BoardImage> GetAsync(Guid imageId, ImageView view, CancellationToken cancellationToken)
    {
        if (_cache.TryGetValue((imageId, view), out BoardImage? cached))
        {
            return cached!;
        }

        await _fetching.WaitAsync(cancellationToken);
        try
        {
            return _cache.TryGetValue((imageId, view), out cached)
                ? cached! : Keep((imageId, view), await MakeAsync(imageId, view, cancellationToken));
        }
        finally
        {
            _fetching.Release();
        }
    }

    /// <summary>An image by a reference that the server itself found, such as that of a dead letter.</summary>
    public async Task<BoardImage> GetAsync(string uri, string? sha256, ImageView view, CancellationToken cancellationToken)
    {
        // Cameras write new parts under old names: only the hash tells them apart.
        var key = (uri, sha256, view);
        if (_cache.TryGetValue(key, out BoardImage? cached))
        {
            return cached!;
        }

        await _fetchingLetters.WaitAsync(cancellationToken);
        try
        {
            return _cache.TryGetValue(key, out cached)
                ? cached! : Keep(key, await RenderAsync(uri, sha256, view, cancellationToken));
        }
        finally
        {
            _fetchingLetters.Release();
        }
    }

    public void Dispose()
    {
        _cache.Dispose();
        _fetching.Dispose();
        _fetchingLetters.Dispose();
        _rendering.Dispose();
    }

    private BoardImage Keep(object key, BoardImage image)
    {
        var entry = new MemoryCacheEntryOptions { Size = image.Content.Length + 200 };
        // A missing image may come back when its share does.
        return _cache.Set(key, image, image.IsMissing ? entry.SetAbsoluteExpiration(MissingFor) : entry);
    }

    private async Task<BoardImage> MakeAsync(Guid imageId, ImageView view, CancellationToken cancellationToken)
    {
        if (await ImageReference.FindAsync(database.Source, imageId, cancellationToken) is not { } found)
        {
            return BoardImage.Missing("There is no such image in the database.");
        }

        return await RenderAsync(found.Uri, found.Sha256, view, cancellationToken);
    }

    private async Task<BoardImage> RenderAsync(string uri, string? sha256, ImageView view, CancellationToken cancellationToken)
    {
        try
        {
            using var image = await fetcher.FetchAsync(uri, sha256, cancellationToken);
            await _rendering.WaitAsync(cancellationToken);
            try
            {
                return BoardImage.Jpeg(renderer.Render(image.Bytes.Span, view));
            }
            finally
            {
                _rendering.Release();
            }
        }
        catch (Exception error) when (error is PartFailureException or UnreadableImageException or ImageTooLargeException)
        {
            return BoardImage.Missing(error.Message);
        }
    }
}
