using System.Globalization;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Trainer.Data;
using PartsWorker.Trainer.Quantization;

namespace PartsWorker.Trainer.Export;

/// <summary>The 8-bit graphs of a bundle.</summary>
/// <param name="StageOne">The embedder, with or without a gallery.</param>
/// <param name="StageTwo">The meta model; null where it reads features and stays float32.</param>
internal sealed record Int8Graphs(byte[] StageOne, byte[]? StageTwo)
{
    public const string StageOneFile = "stage1.int8.onnx";
    public const string StageTwoFile = "stage2.int8.onnx";
    public const string GoldenFile = "golden/int8.json";

    // Differences of scores and logits on a CPU that rounds one of many 8-bit numbers differently.
    private const double Tolerance = 2e-2;

    public PrecisionManifest Manifest => new()
    {
        StageOne = StageOneFile,
        StageTwo = StageTwo is null ? null : StageTwoFile,
        Golden = GoldenFile,
    };

    /// <summary>Reads the 8-bit graphs of a bundle; null if it has none.</summary>
    public static Int8Graphs? From(ModelBundle bundle)
    {
        if (!bundle.Precisions.Contains(Precision.Int8))
        {
            return null;
        }

        byte[] Read(string file) => SharedWeights.Inline(File.ReadAllBytes(bundle.PathOf(file)), bundle.Directory);
        var (files, own) = (bundle.FilesOf(Precision.Int8), bundle.FilesOf(Precision.Fp32));
        return new(Read(files.StageOne), files.StageTwo == own.StageTwo ? null : Read(files.StageTwo));
    }

    /// <summary>Quantizes the networks of a draft.</summary>
    /// <exception cref="UserErrorException">Rounding loses too much.</exception>
    public static (Int8Graphs Graphs, IReadOnlyList<Int8Network> Networks) Make(
        BundleDraft draft, IReadOnlyList<LabeledImage> training, Int8Options options, IProgress<string>? progress, CancellationToken cancel)
    {
        var images = CalibrationImages.Read(draft.Manifest.Preprocessing, training, options.Images);
        Int8Network Quantize(byte[] network) => new NetworkQuantizer(network, images, options.LargestLoss).Run(progress, cancel);
        var one = Quantize(GalleryGraph.Without(draft.StageOne));
        if (draft.Manifest.StageOne.Features is not null)
        {
            return (new(one.Graph, null), [one]);
        }

        var two = Quantize(draft.StageTwo);
        return (new(one.Graph, two.Graph), [one, two]);
    }

    /// <summary>Writes the graphs beside those of fp32. Weights that these store as the same integers are not written twice.</summary>
    /// <param name="folder">Folder of the new bundle, with the fp32 graphs.</param>
    /// <param name="addGallery">Adds the gallery to an embedder.</param>
    public void Write(string folder, Func<byte[], byte[]> addGallery)
    {
        SharedWeights.Write(folder, StageOneFile, addGallery(StageOne), GalleryGraph.EmbedderFile);
        if (StageTwo is not null)
        {
            SharedWeights.Write(folder, StageTwoFile, StageTwo, "stage2.onnx");
        }
    }

    /// <summary>How the networks were quantized, for the model card.</summary>
    public static string Describe(IReadOnlyList<Int8Network> networks) => string.Join("; ", networks.Select(n =>
        $"{n.Layers.Count - n.Floats.Count} of {n.Layers.Count} convolutions, ranges by {n.Method.ToString().ToLowerInvariant()}, "
            + $"loss {n.Loss.ToString("0.0000", CultureInfo.InvariantCulture)} on held-out training images"));

    /// <summary>Golden outputs with the tolerance of these graphs.</summary>
    public static GoldenSet Tolerant(GoldenSet set) => set with { Origin = "partstrainer, ONNX Runtime CPU, int8", Tolerance = Tolerance };
}

/// <summary>How to make 8-bit graphs.</summary>
/// <param name="Images">Training images to use; a third of them only measures what rounding costs.</param>
/// <param name="LargestLoss">Largest loss per network; see <see cref="OutputLoss"/>.</param>
internal sealed record Int8Options(int Images = Int8Options.DefaultImages, double LargestLoss = Int8Options.DefaultLoss)
{
    public const int DefaultImages = 300;
    public const double DefaultLoss = 0.02;
}
