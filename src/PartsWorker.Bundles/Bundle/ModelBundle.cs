namespace PartsWorker.Bundles.Bundle;

/// <summary>
/// A checked model bundle on disk, written by the trainer and read by the worker. Opened once at start or at a model change.
/// </summary>
public sealed class ModelBundle
{
    private readonly BundleGallery _gallery;

    private ModelBundle(BundleGallery gallery) => _gallery = gallery;

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

    /// <summary>The images and outputs by which the bundle is verified on a device.</summary>
    public GoldenSet ReadGolden() => BundleJson.Read(PathOf(GoldenSet.FileName), BundleJson.Compact.GoldenSet);

    public string PathOf(string file) => Path.Combine(Directory, file);
}
