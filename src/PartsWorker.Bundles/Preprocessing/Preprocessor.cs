namespace PartsWorker.Bundles.Preprocessing;

/// <summary>
/// Turns an encoded image into the network's input: decodes and letterboxes it, without managed allocation in steady state. Used by trainer
/// and worker alike. Thread-safe; each active thread has its own workspace, kept for the next image.
/// </summary>
public sealed class Preprocessor(IImageDecoder decoder, PreprocessingRecipe recipe, DecodeLimits limits) : IDisposable
{
    private readonly DecodeRequest _request = new(limits, ReserveSide(recipe))
    {
        SixteenBit = SixteenBitRule.Parse(limits.SixteenBit ?? recipe.SixteenBit),
    };

    private readonly Lock _lock = new();
    private readonly Stack<Workspace> _idle = new();

    /// <summary>Bytes of one prepared image: S*S*3.</summary>
    public int ImageBytes => recipe.Size * recipe.Size * 3;

    public string Decoder => decoder.Name;

    /// <summary>Decodes and letterboxes one image into <paramref name="destination"/> (RGB, rows of S pixels).</summary>
    /// <returns>The size of the image in its file, after EXIF orientation.</returns>
    /// <exception cref="UnreadableImageException">Not an image, or a damaged one.</exception>
    /// <exception cref="ImageTooLargeException">Beyond the limits.</exception>
    public ImageSize Prepare(ReadOnlySpan<byte> encoded, Span<byte> destination)
    {
        var workspace = Rent();
        try
        {
            var image = workspace.Image;
            Decode(encoded, image);
            workspace.Resizer.Resize(image.Pixels, image.Size, image.OriginalSize, destination);
            return image.OriginalSize;
        }
        finally
        {
            Return(workspace);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            while (_idle.TryPop(out var workspace))
            {
                workspace.Image.Dispose();
            }
        }
    }

    // A decoder may throw any exception on hostile bytes (ImageSharp issue 3071); each means an unreadable image. The boundary encloses the
    // decoder alone: an exception from anywhere else is a fault of the program, not of the image.
    private void Decode(ReadOnlySpan<byte> encoded, DecodedImage image)
    {
        try
        {
            decoder.Decode(encoded, _request, image);
        }
        catch (Exception error) when (error is not (UnreadableImageException or ImageTooLargeException or OutOfMemoryException))
        {
            throw new UnreadableImageException($"the {decoder.Name} decoder failed: {error.Message}", error);
        }
    }

    private static int ReserveSide(PreprocessingRecipe recipe) => recipe.DecodeScale switch
    {
        DecodeScale.HalfReserve => recipe.Size * 2,
        DecodeScale.NoReserve => recipe.Size,
        _ => 0,
    };

    private Workspace Rent()
    {
        lock (_lock)
        {
            return _idle.TryPop(out var workspace) ? workspace : new Workspace(new DecodedImage(), new LetterboxResizer(recipe.Size));
        }
    }

    private void Return(Workspace workspace)
    {
        lock (_lock)
        {
            _idle.Push(workspace);
        }
    }

    private sealed record Workspace(DecodedImage Image, LetterboxResizer Resizer);
}
