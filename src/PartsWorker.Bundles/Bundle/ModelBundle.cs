namespace PartsWorker.Bundles.Bundle;

/// <summary>
/// A checked model bundle on disk, written by the trainer and read by the worker. Opened once at start or at a model change.
/// </summary>
public sealed class ModelBundle
{
    private ModelBundle(string directory, BundleManifest manifest, LabelSet labels, int[] galleryClasses)
    {
        Directory = directory;
        Manifest = manifest;
        Labels = labels;
        GalleryClasses = galleryClasses;
        Key = $"{manifest.Name}@{manifest.Version}";
    }

    public string Name => Manifest.Name;

    public string Version => Manifest.Version;

    /// <summary>The model key in SQL: <c>name@version</c>.</summary>
    public string Key { get; }

    public string Directory { get; }

    public BundleManifest Manifest { get; }

    public LabelSet Labels { get; }

    /// <summary>The class id of each gallery row.</summary>
    public int[] GalleryClasses { get; }

    /// <summary>Reads a bundle and verifies the SHA-256 of each of its files.</summary>
    /// <exception cref="BundleException">Anything is missing, altered or inconsistent; one line.</exception>
    public static ModelBundle Open(string directory)
    {
        // Removes the slash that shells append: files are compared with this path, and callers derive the parent folders from it.
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory));
        if (!System.IO.Directory.Exists(full))
        {
            throw new BundleException($"{directory}: no such model bundle folder");
        }

        var manifestPath = Path.Combine(full, BundleManifest.FileName);
        if (!File.Exists(manifestPath))
        {
            throw new BundleException($"{directory}: holds no {BundleManifest.FileName}; a bundle folder is models/<name>/<version>");
        }

        var manifest = BundleJson.Read(manifestPath, BundleJson.Compact.BundleManifest);
        ManifestRules.Check(directory, manifest);
        BundleFiles.Verify(full, manifest.Files);
        var labels = BundleJson.Read(Path.Combine(full, LabelSet.FileName), BundleJson.Compact.LabelSet);
        var gallery = BundleJson.Read(Path.Combine(full, GalleryIndex.FileName), BundleJson.Compact.GalleryIndex);
        ManifestRules.Check(directory, manifest, labels, gallery);
        return new ModelBundle(full, manifest, labels, gallery.ClassId);
    }

    /// <summary>The images and outputs by which the bundle is verified on a device.</summary>
    public GoldenSet ReadGolden() => BundleJson.Read(PathOf(GoldenSet.FileName), BundleJson.Compact.GoldenSet);

    public string PathOf(string file) => Path.Combine(Directory, file);
}
