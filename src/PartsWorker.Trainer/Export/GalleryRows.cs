using PartsWorker.Bundles.Bundle;
using PartsWorker.Trainer.Evaluation;

namespace PartsWorker.Trainer.Export;

/// <summary>A gallery in memory, which classes can be enrolled in.</summary>
/// <param name="Rows">Unit vectors.</param>
/// <param name="Classes">Class of each row.</param>
/// <param name="Half">Whether the bundle stores the rows as fp16.</param>
internal sealed record GalleryRows(IReadOnlyList<float[]> Rows, IReadOnlyList<int> Classes, bool Half)
{
    /// <summary>Distances of features from the classes; null if the bundle has none.</summary>
    public FeatureDistances? Distances { get; init; }

    /// <summary>The image that shows each row, or null.</summary>
    public IReadOnlyList<GalleryImage?> Images { get; init; } = [.. Rows.Select(_ => (GalleryImage?)null)];

    public static GalleryRows Of(ModelBundle bundle) => Of(BundleDraft.From(bundle));

    public static GalleryRows Of(BundleDraft draft) => new(draft.Gallery, draft.GalleryClasses, draft.HalfGallery)
    {
        Distances = DistanceGraph.Read(draft.StageTwo),
        Images = [.. Enumerable.Range(0, draft.Gallery.Count).Select(draft.ImageOf)],
    };

    /// <summary>
    /// Adds photos to their classes, old or new. As in an export with a limit, a class has at most as many rows as the largest class had,
    /// each the mean of similar photos and rows.
    /// </summary>
    /// <param name="photos">Each with the embedding averaged over its views.</param>
    public GalleryRows Enroll(IReadOnlyList<ImageOutputs> photos)
    {
        var limit = Classes.CountBy(c => c).Max(c => c.Value);
        var byClass = photos.GroupBy(p => p.ClassId).OrderBy(g => g.Key).ToArray();
        var old = Rows.Select((row, i) => new Row(row, Classes[i], Images[i])).ToLookup(r => byClass.Any(g => g.Key == r.ClassId));
        var added = byClass.SelectMany(g => Merge(
            [
                .. old[true].Where(r => r.ClassId == g.Key),
                .. g.Select(p => new Row(p.Embedding, g.Key, new(p.Path, IsSmall: false))),
            ],
            limit));
        Row[] all = [.. old[false], .. added];
        return this with
        {
            Rows = [.. all.Select(r => r.Vector)],
            Classes = [.. all.Select(r => r.ClassId)],
            Images = [.. all.Select(r => r.Image)],
            Distances = byClass.Aggregate(Distances, (found, g) => found?.With(g.Key, [.. g.Select(p => p.Features)])),
        };
    }

    /// <summary>At most <paramref name="limit"/> rows of one class, each with the closest image of the rows that it merges.</summary>
    private IEnumerable<Row> Merge(Row[] own, int limit)
    {
        if (own.Length <= limit)
        {
            return own.Select(r => r with { Vector = Stored(r.Vector) });
        }

        var means = GallerySelection.Means([.. own.Select(r => r.Vector)], limit);
        var shown = own.Where(r => r.Image is not null).ToArray();
        var closest = GallerySelection.Closest(means, [.. shown.Select(r => r.Vector)]);
        return means.Zip(closest, (mean, i) => new Row(Stored(mean), own[0].ClassId, i < 0 ? null : shown[i].Image));
    }

    /// <summary>A row with the precision that it has in the bundle.</summary>
    private float[] Stored(float[] row) => Half ? Array.ConvertAll(row, x => (float)(Half)x) : row;

    private sealed record Row(float[] Vector, int ClassId, GalleryImage? Image);
}
