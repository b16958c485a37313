using System.Collections.Concurrent;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Serving;

namespace PartsWorker.Board.Review;

/// <summary>
/// The small JPEGs of a bundle, <c>gallery/{class id}/*.jpg</c> in its folder, in the order of their names. Bundles without them are fine: they
/// have none of any class.
/// </summary>
internal sealed class GalleryPictures(ModelFolders folders)
{
    private const string Folder = "gallery";
    private readonly ConcurrentDictionary<(string Model, string Class), string[]> _files = [];

    /// <summary>Relative address of the n-th image of a class.</summary>
    public static string Address(string model, string className, int n) =>
        $"gallery/{Uri.EscapeDataString(model)}/{n}?class={Uri.EscapeDataString(className)}";

    public int Count(string model, string className) => FilesOf(model, className).Length;

    /// <returns>A file of the bundle; null when there is no such image.</returns>
    public string? Find(string model, string className, int n) =>
        FilesOf(model, className) is var files && n >= 0 && n < files.Length ? files[n] : null;

    // A version of a bundle never changes, so what was found is kept; a bundle that is not there may still come.
    private string[] FilesOf(string model, string className)
    {
        if (_files.TryGetValue((model, className), out var known))
        {
            return known;
        }

        if (Open(model) is not { } bundle)
        {
            return [];
        }

        foreach (var partClass in bundle.Labels.Classes)
        {
            _files[(model, partClass.Name)] = List(Path.Combine(bundle.Directory, Folder, $"{partClass.Id}"));
        }

        return _files.GetValueOrDefault((model, className), []);
    }

    private ModelBundle? Open(string model)
    {
        try
        {
            var folder = folders.FolderOf(model);
            return Directory.Exists(Path.Combine(folder, Folder)) ? ModelBundle.Open(folder) : null;
        }
        catch (Exception error) when (error is BundleException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string[] List(string folder) =>
        Directory.Exists(folder) ? [.. Directory.GetFiles(folder, "*.jpg").Order(StringComparer.Ordinal)] : [];
}
