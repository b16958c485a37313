using PartsWorker.Bundles.Bundle;

namespace PartsWorker.Trainer.Export;

/// <summary>The graphs of a bundle for one more precision beside fp32.</summary>
/// <param name="Precision">What they compute with.</param>
/// <param name="StageOne">The embedder, with or without a gallery.</param>
/// <param name="StageTwo">The meta model; null where it reads features and stays float32.</param>
internal sealed record PrecisionGraphs(Precision Precision, byte[] StageOne, byte[]? StageTwo)
{
    // Differences of scores and logits on a device that rounds one of many numbers differently.
    private const double Tolerance = 2e-2;

    public string Name => Precisions.NameOf(Precision);

    public string StageOneFile => $"stage1.{Name}.onnx";

    public string GoldenFile => $"golden/{Name}.json";

    public PrecisionManifest Manifest => new()
    {
        StageOne = StageOneFile,
        StageTwo = StageTwo is null ? null : StageTwoFile,
        Golden = GoldenFile,
    };

    private string StageTwoFile => $"stage2.{Name}.onnx";

    /// <summary>Reads the graphs of every precision beside fp32.</summary>
    public static IReadOnlyList<PrecisionGraphs> From(ModelBundle bundle)
    {
        byte[] Read(string file) => SharedWeights.Inline(File.ReadAllBytes(bundle.PathOf(file)), bundle.Directory);
        var own = bundle.FilesOf(Precision.Fp32);
        return
        [
            .. bundle.Precisions.Where(precision => precision != Precision.Fp32).Select(precision =>
            {
                var files = bundle.FilesOf(precision);
                return new PrecisionGraphs(precision, Read(files.StageOne), files.StageTwo == own.StageTwo ? null : Read(files.StageTwo));
            }),
        ];
    }

    /// <summary>Writes the graphs beside those of fp32. Weights that these store as the same bytes are not written twice.</summary>
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

    /// <summary>Golden outputs with the tolerance of these graphs.</summary>
    public GoldenSet Tolerant(GoldenSet set) => set with { Origin = $"partstrainer, ONNX Runtime CPU, {Name}", Tolerance = Tolerance };
}
