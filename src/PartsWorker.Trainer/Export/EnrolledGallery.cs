using PartsWorker.Bundles.Bundle;
using PartsWorker.Bundles.Fusion;
using PartsWorker.Trainer.Calibration;
using PartsWorker.Trainer.Evaluation;

namespace PartsWorker.Trainer.Export;

/// <summary>
/// A bundle after <see cref="Enrollment"/>, in memory: the photos are appended to its gallery as rows, and the hits of an image are the
/// best of the old and the new rows, as the graph of the new version would find them.
/// </summary>
/// <param name="bundle">The bundle before; its labels contain the new classes.</param>
/// <param name="halfGallery">Whether the bundle stores its gallery as fp16.</param>
/// <param name="photos">Outputs of the bundle for the photos of the new classes.</param>
internal sealed class EnrolledGallery(ModelBundle bundle, bool halfGallery, IReadOnlyList<ImageOutputs> photos)
{
    private readonly int _topK = bundle.Manifest.StageOne.TopK;
    private readonly GalleryHits _newRows = new(
        [.. photos.Select(p => Stored(p.Embedding, halfGallery))], [.. photos.Select(p => p.ClassId)], photos.Count);

    private readonly int[] _classes = [.. bundle.GalleryClasses, .. photos.Select(p => p.ClassId)];

    private readonly Evaluator _evaluator = new(
        bundle.Manifest.Fusion,
        bundle.Manifest.Thresholds,
        bundle.Labels,
        [.. bundle.GalleryClasses, .. photos.Select(p => p.ClassId)],
        KnownScore.Of(bundle.Manifest));

    public List<ClassifiedImage> Classify(IReadOnlyList<ImageOutputs> images) => AddHits(images).ConvertAll(_evaluator.Classify);

    /// <summary>The images with the hits of the grown gallery.</summary>
    public List<ImageOutputs> AddHits(IReadOnlyList<ImageOutputs> images) =>
        [.. images.Zip(_newRows.Find(images), Merge)];

    private ImageOutputs Merge(ImageOutputs before, ImageOutputs added)
    {
        var hits = before.Scores.Zip(before.Indices)
            .Concat(added.Scores.Zip(added.Indices.Select(row => row + bundle.GalleryClasses.Length)))
            .OrderByDescending(hit => hit.First)
            .DistinctBy(hit => _classes[hit.Second])
            .Take(_topK)
            .ToArray();
        return before with { Scores = [.. hits.Select(h => h.First)], Indices = [.. hits.Select(h => h.Second)] };
    }

    private static float[] Stored(float[] row, bool half) => half ? Array.ConvertAll(row, x => (float)(Half)x) : row;
}
