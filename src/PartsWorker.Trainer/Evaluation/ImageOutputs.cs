using PartsWorker.Bundles.Fusion;
using PartsWorker.Bundles.Preprocessing;

namespace PartsWorker.Trainer.Evaluation;

/// <summary>The outputs of both networks for one image, and its true class.</summary>
internal sealed record ImageOutputs
{
    public required string Path { get; init; }

    public required int ClassId { get; init; }

    /// <summary>Unit vector from the embedder.</summary>
    public required float[] Embedding { get; init; }

    /// <summary>Features of the shared trunk; empty in a bundle with two networks.</summary>
    public float[] Features { get; init; } = [];

    /// <summary>Cosines of the hits, descending.</summary>
    public required float[] Scores { get; init; }

    /// <summary>Gallery rows of the hits.</summary>
    public required long[] Indices { get; init; }

    public required float[] ColorLogits { get; init; }

    public required float[] ShapeLogits { get; init; }

    /// <summary>Contrast of the pixels, 0..255.</summary>
    public double Contrast { get; init; } = 255;

    /// <summary>Exposure and sharpness of the pixels.</summary>
    public ImageQuality Quality { get; init; } = ImageQuality.Good;

    /// <summary>Distances of the features from those of the training images; empty in a bundle without them.</summary>
    public float[] Distances { get; init; } = [];

    /// <summary>The image without the hits of some classes, as if the gallery did not have them.</summary>
    /// <param name="galleryClasses">Class of each gallery row.</param>
    /// <param name="removed">Whether a class is removed.</param>
    public ImageOutputs Without(IReadOnlyList<int> galleryClasses, Predicate<int> removed)
    {
        var kept = Enumerable.Range(0, Indices.Length).Where(k => !removed(galleryClasses[(int)Indices[k]])).ToArray();
        return this with { Scores = [.. kept.Select(k => Scores[k])], Indices = [.. kept.Select(k => Indices[k])] };
    }

    /// <summary>The image with the best hit of each class, as the graphs of new bundles return them.</summary>
    /// <param name="galleryClasses">Class of each gallery row.</param>
    public ImageOutputs BestPerClass(IReadOnlyList<int> galleryClasses)
    {
        int[] best = [.. Enumerable.Range(0, Indices.Length).DistinctBy(k => galleryClasses[(int)Indices[k]])];
        return this with { Scores = [.. best.Select(k => Scores[k])], Indices = [.. best.Select(k => Indices[k])] };
    }

    public ModelOutputs ForFusion() => new()
    {
        Scores = Scores,
        Indices = Indices,
        ColorLogits = ColorLogits,
        ShapeLogits = ShapeLogits,
        Contrast = Contrast,
        Quality = Quality,
        Distances = Distances,
    };
}
