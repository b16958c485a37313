namespace PartsWorker.Bundles.Bundle;

/// <summary>
/// Labels and gallery images of a bundle, for programs that run no network. Opening it verifies the files that it reads and skips the
/// networks, which are most of the bytes of a bundle.
/// </summary>
public sealed class BundleGallery
{
    private BundleGallery(string directory, BundleManifest manifest, LabelSet labels, GalleryIndex gallery)
    {
        Directory = directory;
        Manifest = manifest;
        Labels = labels;
        GalleryClasses = gallery.ClassId;
        Key = $"{manifest.Name}@{manifest.Version}";
        Images = new GalleryImages(directory, manifest, labels, gallery.ClassId);
    }

    /// <summary>The model key in SQL: <c>name@version</c>.</summary>
    public string Key { get; }

    public string Directory { get; }

    public BundleManifest Manifest { get; }

    public LabelSet Labels { get; }

    /// <summary>The class id of each gallery row.</summary>
    public int[] GalleryClasses { get; }

    public GalleryImages Images { get; }

    /// <summary>
    /// Reads labels and gallery of a bundle and verifies the SHA-256 of <c>labels.json</c>, <c>gallery.json</c> and the images.
    /// </summary>
    /// <exception cref="BundleException">One of them is missing, altered or inconsistent; one line.</exception>
    public static BundleGallery Open(string directory)
    {
        var (full, manifest) = BundleManifestFile.Read(directory);
        BundleFiles.VerifyHashes(full, manifest.Files.Where(f => IsRead(f.Key)));
        return Read(directory, full, manifest);
    }

    /// <summary>The same with hashes that are verified already.</summary>
    internal static BundleGallery Read(string directory, string full, BundleManifest manifest)
    {
        var labels = BundleJson.Read(Path.Combine(full, LabelSet.FileName), BundleJson.Compact.LabelSet);
        var gallery = BundleJson.Read(Path.Combine(full, GalleryIndex.FileName), BundleJson.Compact.GalleryIndex);
        ManifestRules.Check(directory, manifest, labels, gallery);
        return new BundleGallery(full, manifest, labels, gallery);
    }

    private static bool IsRead(string file) =>
        file is LabelSet.FileName or GalleryIndex.FileName || file.StartsWith(GalleryImages.Prefix, StringComparison.Ordinal);
}
