using PartsWorker.Bundles.Bundle;

namespace PartsWorker.Trainer.Export;

/// <summary>A bundle without golden outputs. It can be written several times, to any folder.</summary>
/// <param name="Manifest">Names, fusion constants, metrics; <see cref="Write"/> fills in the fields of the gallery.</param>
/// <param name="Labels">Classes, colors, shapes.</param>
/// <param name="StageOne">Graph from <c>image</c> to <c>embedding</c> and perhaps <c>features</c>, with or without a gallery.</param>
/// <param name="StageTwo">Graph from <c>image</c>, or from <c>features</c>, to <c>color_logits</c> and <c>shape_logits</c>.</param>
/// <param name="Gallery">Unit vectors.</param>
/// <param name="GalleryClasses">Class of each row.</param>
/// <param name="HalfGallery">Whether the gallery is stored as fp16.</param>
internal sealed record BundleDraft(
    BundleManifest Manifest,
    LabelSet Labels,
    byte[] StageOne,
    byte[] StageTwo,
    IReadOnlyList<float[]> Gallery,
    IReadOnlyList<int> GalleryClasses,
    bool HalfGallery)
{
    /// <summary>Hits per image, one per class; a bundle with fewer classes has fewer.</summary>
    public const int HitsPerImage = 50;

    private const string LicenseFolder = "licenses";

    /// <summary>License texts of the images by file name; every version contains them.</summary>
    public IReadOnlyList<(string Name, byte[] Content)> Licenses { get; init; } = [];

    /// <summary>The graphs of each precision beside fp32.</summary>
    public IReadOnlyList<PrecisionGraphs> Graphs { get; init; } = [];

    /// <summary>The image that shows each gallery row, or null; may be shorter than the gallery.</summary>
    public IReadOnlyList<GalleryImage?> Images { get; init; } = [];

    /// <summary>The image that shows a gallery row, or null.</summary>
    public GalleryImage? ImageOf(int row) => row < Images.Count ? Images[row] : null;

    /// <summary>A draft of the next version of a bundle on disk.</summary>
    public static BundleDraft From(ModelBundle bundle)
    {
        var stageOne = File.ReadAllBytes(bundle.PathOf(bundle.Manifest.StageOne.File));
        var (gallery, half) = GalleryGraph.ReadRows(bundle.Directory, stageOne);
        return new(
            bundle.Manifest,
            bundle.Labels,
            stageOne,
            File.ReadAllBytes(bundle.PathOf(bundle.Manifest.StageTwo.File)),
            gallery,
            bundle.GalleryClasses,
            half)
        {
            Graphs = PrecisionGraphs.From(bundle),
            Images =
            [
                .. Enumerable.Range(0, gallery.Count).Select(GalleryImages.FileOf)
                    .Select(f => bundle.Manifest.Files.ContainsKey(f) ? new GalleryImage(bundle.PathOf(f), IsSmall: true) : null),
            ],
            Licenses =
            [
                .. bundle.Manifest.Files.Keys
                    .Where(f => f.StartsWith(LicenseFolder + "/", StringComparison.Ordinal))
                    .Select(f => (Path.GetFileName(f), File.ReadAllBytes(bundle.PathOf(f)))),
            ],
        };
    }

    /// <summary>The draft with graphs of a precision, in place of those that it has, and a note about them for the model card.</summary>
    public BundleDraft With(PrecisionGraphs graphs, string note) => this with
    {
        Graphs = [.. Graphs.Where(other => other.Precision != graphs.Precision), graphs],
        Manifest = Manifest with
        {
            Data = new Dictionary<string, string>(Manifest.Data, StringComparer.Ordinal)
            {
                [graphs.Name] = note,
            },
        },
    };

    /// <param name="root">Folder for <c>name/version</c>.</param>
    /// <param name="version">Folder name of this version.</param>
    /// <param name="golden">Golden outputs and their images; null for a temporary bundle.</param>
    public ModelBundle Write(string root, string version, RecordedGolden? golden = null)
    {
        Directory.CreateDirectory(root);
        using var writer = BundleWriter.Begin(root, Manifest.Name, version);
        var topK = Math.Min(HitsPerImage, GalleryClasses.Distinct().Count());
        GalleryGraph.Write(writer.Directory, StageOne, Gallery, GalleryClasses, topK, HalfGallery);
        File.WriteAllBytes(Path.Combine(writer.Directory, "stage2.onnx"), StageTwo);
        foreach (var graphs in Graphs)
        {
            graphs.Write(writer.Directory, embedder => GalleryGraph.Add(embedder, Gallery, GalleryClasses, topK, HalfGallery));
            writer.Write(golden?.Others[graphs.Precision] ?? new() { Images = [] }, graphs.GoldenFile);
        }

        writer.Write(Labels);
        writer.Write(new GalleryIndex { Rows = Gallery.Count, ClassId = [.. GalleryClasses] });
        writer.Write(golden?.Set ?? new() { Images = [] });
        foreach (var (name, content) in golden?.Files ?? [])
        {
            File.WriteAllBytes(Path.Combine(writer.Directory, "golden", name), content);
        }

        foreach (var (name, content) in Licenses)
        {
            File.WriteAllBytes(
                Path.Combine(Directory.CreateDirectory(Path.Combine(writer.Directory, LicenseFolder)).FullName, name), content);
        }

        // A temporary bundle needs no images for people.
        var images = golden is null ? null : GalleryFolder.Write(writer.Directory, Images, GalleryClasses);
        var data = Manifest.Data.Where(d => d.Key != GalleryFolder.Note).ToDictionary(StringComparer.Ordinal);
        if (images is not null)
        {
            data[GalleryFolder.Note] = images;
        }

        var manifest = Manifest with
        {
            Version = version,
            Data = data,
            Precisions = Graphs.Count == 0 ? null : Graphs.ToDictionary(g => g.Name, g => g.Manifest, StringComparer.Ordinal),
            StageOne = new()
            {
                EmbeddingSize = Gallery[0].Length,
                GalleryRows = Gallery.Count,
                TopK = topK,
                Features = Manifest.StageOne.Features,
                FeatureSize = Manifest.StageOne.FeatureSize,
            },
            StageTwo = new()
            {
                Input = Manifest.StageTwo.Input,
                Distances = Manifest.StageTwo.Distances,
                DistanceNames = Manifest.StageTwo.DistanceNames,
            },
        };
        File.WriteAllText(Path.Combine(writer.Directory, "MODEL_CARD.md"), ModelCard.Of(manifest, Labels, Licenses));
        return writer.Commit(manifest);
    }
}
