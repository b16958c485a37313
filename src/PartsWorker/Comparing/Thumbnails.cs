using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Failures;
using PartsWorker.References;

namespace PartsWorker.Comparing;

/// <summary>Small images for a report, read like the worker reads images, with the same permissions.</summary>
internal sealed class Thumbnails(ImageFetcher images, DecodeLimits limits) : IDisposable
{
    private const int Side = 128;

    private static readonly PreprocessingRecipe Recipe = new() { Size = Side, DecodeScale = DecodeScale.HalfReserve };

    private readonly Preprocessor _preprocessor =
        new(ImageDecoders.Create(ImageDecoders.CheaperFor(Recipe.DecodeScale)), Recipe, limits);

    /// <summary>Images that could not be shown, and why the first of them could not.</summary>
    public (int Count, string? Reason) NotShown { get; private set; }

    /// <returns>A data URI, or one line with the reason why the image cannot be shown.</returns>
    public async Task<(string? DataUri, string? Problem)> MakeAsync(string uri, CancellationToken cancellationToken)
    {
        try
        {
            using var image = await images.FetchAsync(uri, sha256: null, cancellationToken);
            var pixels = new byte[_preprocessor.ImageBytes];
            _preprocessor.Prepare(image.Bytes.Span, pixels);
            return ($"data:image/png;base64,{Convert.ToBase64String(PngFile.Encode(pixels, new ImageSize(Side, Side)))}", null);
        }
        catch (Exception error) when (error is PartFailureException or UnreadableImageException or ImageTooLargeException)
        {
            NotShown = (NotShown.Count + 1, NotShown.Reason ?? error.Message);
            return (null, error.Message);
        }
    }

    public void Dispose() => _preprocessor.Dispose();
}
