using PartsWorker.Bundles.Bundle;
using PartsWorker.Bundles.Fusion;
using PartsWorker.Trainer.Calibration;
using PartsWorker.Trainer.Evaluation;

namespace PartsWorker.Trainer.Export;

/// <summary>A bundle after <see cref="Enrollment"/>, in memory: it classifies images as the new version would.</summary>
/// <param name="bundle">The bundle before.</param>
/// <param name="gallery">Its gallery with the enrolled photos.</param>
/// <param name="labels">Its labels with the new classes.</param>
internal sealed class EnrolledGallery(ModelBundle bundle, GalleryRows gallery, LabelSet labels)
{
    private readonly GalleryHits _hits = new(gallery.Rows, gallery.Classes, BundleDraft.HitsPerImage);

    private readonly Evaluator _evaluator = new(
        bundle.Manifest.Fusion, bundle.Manifest.Thresholds, labels, [.. gallery.Classes], KnownScore.Of(bundle.Manifest));

    public List<ClassifiedImage> Classify(IReadOnlyList<ImageOutputs> images) => AddHits(images).ConvertAll(_evaluator.Classify);

    /// <summary>The images with their hits in the gallery, and with their distances from its classes.</summary>
    public List<ImageOutputs> AddHits(IReadOnlyList<ImageOutputs> images) =>
        [.. _hits.Find(images).AsParallel().AsOrdered().Select(WithDistances)];

    private ImageOutputs WithDistances(ImageOutputs image) =>
        gallery.Distances is { } distances ? image with { Distances = distances.Of(image.Features) } : image;
}
