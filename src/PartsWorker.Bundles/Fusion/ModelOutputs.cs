using PartsWorker.Bundles.Preprocessing;

namespace PartsWorker.Bundles.Fusion;

/// <summary>The outputs of the embedder and the meta model for one image.</summary>
public readonly ref struct ModelOutputs()
{
    /// <summary>Cosines of the hits, descending, K of them, at most 256.</summary>
    public required ReadOnlySpan<float> Scores { get; init; }

    /// <summary>Gallery rows of the hits.</summary>
    public required ReadOnlySpan<long> Indices { get; init; }

    /// <summary>One per color.</summary>
    public required ReadOnlySpan<float> ColorLogits { get; init; }

    /// <summary>One per shape.</summary>
    public required ReadOnlySpan<float> ShapeLogits { get; init; }

    /// <summary>Contrast of the pixels, 0..255; see <see cref="PartsWorker.Bundles.Preprocessing.ImageContrast"/>.</summary>
    public double Contrast { get; init; }

    /// <summary>Exposure and sharpness of the pixels.</summary>
    public ImageQuality Quality { get; init; } = ImageQuality.Good;

    /// <summary>Distances of the image's features from those of the training images; empty in a bundle without them.</summary>
    public ReadOnlySpan<float> Distances { get; init; }
}
