using System.Collections.Frozen;
using System.Globalization;

namespace PartsWorker.Bundles.Bundle;

/// <summary>
/// The small JPEGs of gallery rows in the optional folder <c>gallery/</c> of a bundle: <c>gallery/00012.jpg</c> shows row 12. Rows may lack
/// one, and older bundles have none.
/// </summary>
public sealed class GalleryImages
{
    /// <summary>Longest side in pixels.</summary>
    public const int Side = 96;

    /// <summary>Images per class at most: as many as the board shows beside a candidate.</summary>
    public const int MostPerClass = 3;

    internal const string Prefix = "gallery/";
    private readonly FrozenDictionary<int, string[]> _byClass;
    private readonly LabelSet _labels;

    internal GalleryImages(string directory, BundleManifest manifest, LabelSet labels, int[] galleryClasses)
    {
        var rows = Enumerable.Range(0, galleryClasses.Length).Where(row => manifest.Files.ContainsKey(FileOf(row)));
        _byClass = rows.GroupBy(row => galleryClasses[row]).ToFrozenDictionary(
            g => g.Key, g => g.Select(row => Path.Combine(directory, FileOf(row))).ToArray());
        _labels = labels;
        Count = _byClass.Values.Sum(files => files.Length);
    }

    /// <summary>Number of images; 0 if the bundle has no folder <c>gallery/</c>.</summary>
    public int Count { get; }

    /// <summary>Number of classes with at least one image.</summary>
    public int Classes => _byClass.Count;

    /// <summary>The path of the image of a gallery row, relative to the bundle.</summary>
    /// <param name="row">From 0.</param>
    public static string FileOf(int row) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{row:00000}.jpg");

    /// <summary>Full paths of the JPEGs of a class in row order; empty if the class is unknown or has none.</summary>
    public IReadOnlyList<string> Of(int classId) => _byClass.GetValueOrDefault(classId, []);

    /// <summary>The same for a class name, compared exactly.</summary>
    public IReadOnlyList<string> Of(string className) =>
        _labels.Classes.FirstOrDefault(c => string.Equals(c.Name, className, StringComparison.Ordinal)) is { } found ? Of(found.Id) : [];
}
