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

    public static GalleryRows Of(ModelBundle bundle) => Of(BundleDraft.From(bundle));

    public static GalleryRows Of(BundleDraft draft) => new(draft.Gallery, draft.GalleryClasses, draft.HalfGallery)
    {
        Distances = DistanceGraph.Read(draft.StageTwo),
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
        var old = Rows.Zip(Classes).ToLookup(r => byClass.Any(g => g.Key == r.Second));
        var added = byClass.SelectMany(g =>
        {
            float[][] own = [.. old[true].Where(r => r.Second == g.Key).Select(r => r.First), .. g.Select(p => p.Embedding)];
            return GallerySelection.Means(own, limit).Select(row => (First: Stored(row), Second: g.Key));
        });
        (float[] First, int Second)[] all = [.. old[false], .. added];
        return this with
        {
            Rows = [.. all.Select(r => r.First)],
            Classes = [.. all.Select(r => r.Second)],
            Distances = byClass.Aggregate(Distances, (found, g) => found?.With(g.Key, [.. g.Select(p => p.Features)])),
        };
    }

    /// <summary>A row with the precision that it has in the bundle.</summary>
    private float[] Stored(float[] row) => Half ? Array.ConvertAll(row, x => (float)(Half)x) : row;
}
