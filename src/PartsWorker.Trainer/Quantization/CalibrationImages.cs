using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Trainer.Data;

namespace PartsWorker.Trainer.Quantization;

/// <summary>
/// Pixels of training images for the choice of ranges, and of other training images for measuring what a choice costs.
/// </summary>
/// <param name="Ranges">Letterboxed images and an augmented view of each, S x S x 3 bytes.</param>
/// <param name="HoldOut">Letterboxed images that no range is chosen on.</param>
/// <param name="Side">S, in pixels.</param>
internal sealed record CalibrationImages(IReadOnlyList<byte[]> Ranges, IReadOnlyList<byte[]> HoldOut, int Side)
{
    private const int Seed = 1;

    /// <summary>The images that could not be read.</summary>
    public IReadOnlyList<SkippedImage> Skipped { get; init; } = [];

    /// <summary>Chooses images at random; a third of them is held out.</summary>
    /// <param name="recipe">Preprocessing of the bundle.</param>
    /// <param name="training">Training images.</param>
    /// <param name="count">Number of images to use.</param>
    /// <exception cref="UserErrorException">Fewer than 6 images can be read.</exception>
    public static CalibrationImages Read(PreprocessingRecipe recipe, IReadOnlyList<LabeledImage> training, int count)
    {
        const int Least = 6;
        using var preprocessor = new Preprocessor(ImageDecoders.For(recipe), recipe, new());
        var order = training.OrderBy(image => image.Path, StringComparer.Ordinal).ToArray();
        new Random(Seed).Shuffle(order);
        var skipped = new List<SkippedImage>();
        var pixels = order.Select(image => Read(preprocessor, image.Path, skipped)).OfType<byte[]>().Take(count).ToArray();
        if (pixels.Length < Least)
        {
            throw new UserErrorException(
                $"int8 graphs need at least {Least} readable training images, and there are {pixels.Length}"
                    + (skipped.Count > 0 ? $"; the last error: {skipped[^1].Path}: {skipped[^1].Reason}" : ""));
        }

        var ranges = pixels[(pixels.Length / 3)..];
        return new([.. ranges, .. Views(ranges, recipe.Size)], pixels[..(pixels.Length / 3)], recipe.Size) { Skipped = skipped };
    }

    private static byte[]? Read(Preprocessor preprocessor, string path, List<SkippedImage> skipped)
    {
        var pixels = new byte[preprocessor.ImageBytes];
        try
        {
            preprocessor.Prepare(File.ReadAllBytes(path), pixels);
            return pixels;
        }
        catch (Exception error) when (
            error is UnreadableImageException or ImageTooLargeException or IOException or UnauthorizedAccessException)
        {
            skipped.Add(new(path, error.Message));
            return null;
        }
    }

    // Images in production come from new scenes.
    private static IEnumerable<byte[]> Views(byte[][] images, int side)
    {
        var augmenter = new Augmenter(AugmentationOptions.Scenes, side);
        for (var i = 0; i < images.Length; i++)
        {
            var view = new byte[images[i].Length];
            var dice = Dice.For(Seed, i, 0);
            augmenter.Apply(images[i], side, view, ref dice);
            yield return view;
        }
    }
}
