namespace PartsWorker.Bundles.Bundle;

/// <summary>
/// A checked model bundle on disk, written by the trainer and read by the worker. Opened once at start or at a model change.
/// </summary>
public sealed class ModelBundle
{
    private readonly BundleGallery _gallery;

    private ModelBundle(BundleGallery gallery)
    {
        _gallery = gallery;
        Precisions =
        [
            Precision.Fp32,
            .. new[] { Precision.Fp16, Precision.Int8 }
                .Where(p => gallery.Manifest.Precisions?.ContainsKey(Bundle.Precisions.NameOf(p)) == true),
        ];
    }

    public string Name => Manifest.Name;

    public string Version => Manifest.Version;

    /// <summary>The model key in SQL: <c>name@version</c>.</summary>
    public string Key => _gallery.Key;

    public string Directory => _gallery.Directory;

    public BundleManifest Manifest => _gallery.Manifest;

    public LabelSet Labels => _gallery.Labels;

    /// <summary>The class id of each gallery row.</summary>
    public int[] GalleryClasses => _gallery.GalleryClasses;

    /// <summary>Small images of gallery rows, by class.</summary>
    public GalleryImages GalleryImages => _gallery.Images;

    /// <summary>Reads a bundle and verifies the SHA-256 of each of its files.</summary>
    /// <exception cref="BundleException">Anything is missing, altered or inconsistent; one line.</exception>
    public static ModelBundle Open(string directory)
    {
        var (full, manifest) = BundleManifestFile.Read(directory);
        BundleFiles.Verify(full, manifest.Files);
        return new ModelBundle(BundleGallery.Read(directory, full, manifest));
    }

    /// <summary>The precisions of the bundle, fp32 first.</summary>
    public IReadOnlyList<Precision> Precisions { get; }

    /// <summary>The files of a precision.</summary>
    /// <exception cref="BundleException">The bundle does not have it.</exception>
    public PrecisionFiles FilesOf(Precision precision)
    {
        var (one, two) = (Manifest.StageOne.File, Manifest.StageTwo.File);
        if (precision == Precision.Fp32)
        {
            return new(one, two, GoldenSet.FileName);
        }

        return Manifest.Precisions?.GetValueOrDefault(Bundle.Precisions.NameOf(precision)) is { } files
            ? new(files.StageOne ?? one, files.StageTwo ?? two, files.Golden)
            : throw new BundleException(
                $"{Key}: has no {Bundle.Precisions.NameOf(precision)} graphs, only "
                    + string.Join(", ", Precisions.Select(Bundle.Precisions.NameOf)));
    }

    /// <summary>The images and outputs by which a precision of the bundle is verified on a device.</summary>
    public GoldenSet ReadGolden(Precision precision = Precision.Fp32) =>
        BundleJson.Read(PathOf(FilesOf(precision).Golden), BundleJson.Compact.GoldenSet);

    public string PathOf(string file) => Path.Combine(Directory, file);
}
