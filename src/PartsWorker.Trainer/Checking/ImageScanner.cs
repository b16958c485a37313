using System.Security.Cryptography;
using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Trainer.Data;

namespace PartsWorker.Trainer.Checking;

/// <summary>Reads each image of a data set once, on all cores: hash, size and descriptor. Pixels are not kept.</summary>
/// <param name="decoder">The decoder that training uses, so that both refuse the same files.</param>
internal sealed class ImageScanner(IImageDecoder decoder)
{
    /// <param name="images">Images to read.</param>
    /// <param name="progress">Receives the number of images read so far.</param>
    /// <param name="cancel">Stops between two images.</param>
    public Scan Scan(IReadOnlyList<LabeledImage> images, IProgress<int>? progress = null, CancellationToken cancel = default)
    {
        using var preprocessor = new Preprocessor(decoder, new() { Size = ValidationSplit.Side }, new());
        var scanned = new ScannedImage?[images.Count];
        var skipped = new SkippedImage?[images.Count];
        var done = 0;
        Parallel.For(0, images.Count, new() { CancellationToken = cancel }, () => new byte[preprocessor.ImageBytes], (i, _, pixels) =>
        {
            try
            {
                scanned[i] = Read(images[i], preprocessor, pixels);
            }
            catch (Exception error) when (
                error is UnreadableImageException or ImageTooLargeException or IOException or UnauthorizedAccessException)
            {
                skipped[i] = new(images[i].Path, error.Message);
            }

            progress?.Report(Interlocked.Increment(ref done));
            return pixels;
        }, _ => { });
        return new([.. scanned.OfType<ScannedImage>()], [.. skipped.OfType<SkippedImage>()]);
    }

    private static ScannedImage Read(LabeledImage image, Preprocessor preprocessor, byte[] pixels)
    {
        var file = File.ReadAllBytes(image.Path);
        var size = preprocessor.Prepare(file, pixels);
        var descriptor = new float[SceneDescriptor.Length];
        var tone = SceneDescriptor.Describe(pixels, ValidationSplit.Side, descriptor);
        return new()
        {
            Image = image,
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(file)),
            Size = size,
            Descriptor = descriptor,
            Tone = tone,
        };
    }
}
