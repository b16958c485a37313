using System.Globalization;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Trainer.Data;
using PartsWorker.Trainer.Quantization;

namespace PartsWorker.Trainer.Export;

/// <summary>Makes the 8-bit graphs of a bundle.</summary>
internal static class Int8Graphs
{
    /// <summary>Quantizes the networks of a draft.</summary>
    /// <exception cref="UserErrorException">Rounding loses too much.</exception>
    public static (PrecisionGraphs Graphs, IReadOnlyList<Int8Network> Networks) Make(
        BundleDraft draft, IReadOnlyList<LabeledImage> training, Int8Options options, IProgress<string>? progress, CancellationToken cancel)
    {
        var images = CalibrationImages.Read(draft.Manifest.Preprocessing, training, options.Images);
        if (images.Skipped is [var first, ..])
        {
            progress?.Report($"skipped {images.Skipped.Count} unreadable training image(s), the first: {first.Path}: {first.Reason}");
        }

        Int8Network Quantize(byte[] network) => new NetworkQuantizer(network, images, options.LargestLoss).Run(progress, cancel);
        var one = Quantize(GalleryGraph.Without(draft.StageOne));
        if (draft.Manifest.StageOne.Features is not null)
        {
            return (new(Precision.Int8, one.Graph, null), [one]);
        }

        var two = Quantize(draft.StageTwo);
        return (new(Precision.Int8, one.Graph, two.Graph), [one, two]);
    }

    /// <summary>How the networks were quantized, for the model card.</summary>
    public static string Describe(IReadOnlyList<Int8Network> networks) => string.Join("; ", networks.Select(n =>
        $"{n.Layers.Count - n.Floats.Count} of {n.Layers.Count} convolutions, ranges by {n.Method.ToString().ToLowerInvariant()}, "
            + $"loss {n.Loss.ToString("0.0000", CultureInfo.InvariantCulture)} on held-out training images"));
}

/// <summary>How to make 8-bit graphs.</summary>
/// <param name="Images">Training images to use; a third of them only measures what rounding costs.</param>
/// <param name="LargestLoss">Largest loss per network; see <see cref="OutputLoss"/>.</param>
internal sealed record Int8Options(int Images = Int8Options.DefaultImages, double LargestLoss = Int8Options.DefaultLoss)
{
    public const int DefaultImages = 300;
    public const double DefaultLoss = 0.02;
}
