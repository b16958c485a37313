using System.Collections.Concurrent;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Serving;

namespace PartsWorker.Board.Review;

/// <summary>
/// The gallery images of the models whose rows a page shows. A bundle without images, or one that is not on this machine, has none of any
/// class. Only a page opens bundles: a request for an image finds those that are open, so that it cannot make the board read files.
/// </summary>
internal sealed class GalleryPictures(ModelFolders folders, TimeProvider time)
{
    private static readonly TimeSpan MissingFor = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, (GalleryImages? Images, long OpenedAt)> _models = [];

    /// <summary>Relative address of the n-th image of a class.</summary>
    public static string Address(string model, string className, int n) =>
        $"gallery/{Uri.EscapeDataString(model)}/{n}?class={Uri.EscapeDataString(className)}";

    /// <summary>Opens the bundles of these models, once. Reads and hashes files: tens of milliseconds each.</summary>
    /// <param name="models">Model keys from the database.</param>
    public Task OpenAsync(IEnumerable<string> models)
    {
        var wanted = models.Distinct().Where(IsWanted).ToArray();
        return wanted.Length == 0 ? Task.CompletedTask : Task.Run(() =>
        {
            foreach (var model in wanted)
            {
                _models[model] = (Open(model), time.GetTimestamp());
            }
        });
    }

    /// <returns>How many images the class has; 0 for a model that is not open.</returns>
    public int Count(string model, string className) => Of(model, className).Count;

    /// <returns>A file of the bundle; null when there is no such image.</returns>
    public string? Find(string model, string className, int n) =>
        Of(model, className) is var files && n >= 0 && n < files.Count ? files[n] : null;

    private IReadOnlyList<string> Of(string model, string className) =>
        _models.TryGetValue(model, out var known) && known.Images is { } images ? images.Of(className) : [];

    // A version of a bundle never changes; one that is missing may still be copied here.
    private bool IsWanted(string model) =>
        !_models.TryGetValue(model, out var known) || (known.Images is null && time.GetElapsedTime(known.OpenedAt) > MissingFor);

    private GalleryImages? Open(string model)
    {
        try
        {
            return BundleGallery.Open(folders.FolderOf(model)).Images;
        }
        catch (Exception error) when (error is BundleException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
