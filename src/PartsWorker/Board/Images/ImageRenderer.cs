using PartsWorker.Bundles.Preprocessing;

namespace PartsWorker.Board.Images;

/// <summary>Encoded bytes of any image that the worker reads in, a new small JPEG out: the browser never gets the file itself.</summary>
internal sealed class ImageRenderer(DecodeLimits limits) : IDisposable
{
    private const int Quality = 85;

    private readonly Dictionary<ImageView, Preprocessor> _views =
        Enum.GetValues<ImageView>().ToDictionary(view => view, view => Create(view, limits));

    /// <exception cref="UnreadableImageException">Not an image, or a damaged one.</exception>
    /// <exception cref="ImageTooLargeException">Beyond the limits of section Decode.</exception>
    public byte[] Render(ReadOnlySpan<byte> encoded, ImageView view)
    {
        var (preprocessor, side) = (_views[view], (int)view);
        var box = new byte[preprocessor.ImageBytes];
        var inner = LetterboxResizer.FitInside(preprocessor.Prepare(encoded, box), side);
        return JpegFile.Encode(Crop(box, side, inner), inner, Quality);
    }

    public void Dispose()
    {
        foreach (var preprocessor in _views.Values)
        {
            preprocessor.Dispose();
        }
    }

    // Without the black bars of the letterbox, in place.
    private static Span<byte> Crop(byte[] box, int side, ImageSize inner)
    {
        var (left, top, stride) = ((side - inner.Width) / 2, (side - inner.Height) / 2, inner.Width * 3);
        for (var y = 0; y < inner.Height; y++)
        {
            box.AsSpan((((top + y) * side) + left) * 3, stride).CopyTo(box.AsSpan(y * stride));
        }

        return box.AsSpan(0, stride * inner.Height);
    }

    private static Preprocessor Create(ImageView view, DecodeLimits limits)
    {
        var recipe = new PreprocessingRecipe { Size = (int)view, DecodeScale = DecodeScale.HalfReserve };
        return new Preprocessor(ImageDecoders.Create(ImageDecoders.CheaperFor(recipe.DecodeScale)), recipe, limits);
    }
}
