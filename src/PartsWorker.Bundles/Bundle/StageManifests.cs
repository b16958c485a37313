using System.Text.Json.Serialization;

namespace PartsWorker.Bundles.Bundle;

/// <summary>The embedder: names of its tensors and their sizes. Input uint8 <c>[N,S,S,3]</c> RGB.</summary>
public sealed record StageOneManifest
{
    public string File { get; init; } = "stage1.onnx";

    public string Input { get; init; } = "image";

    /// <summary>float <c>[N, EmbeddingSize]</c>, unit length.</summary>
    public string Embedding { get; init; } = "embedding";

    /// <summary>float <c>[N, TopK]</c>, cosine against the gallery, descending.</summary>
    public string Scores { get; init; } = "scores";

    /// <summary>int64 <c>[N, TopK]</c>, gallery rows.</summary>
    public string Indices { get; init; } = "indices";

    /// <summary>
    /// Optional: float <c>[N, FeatureSize]</c>, the features of a shared trunk, which the meta model takes instead of the image.
    /// </summary>
    public string? Features { get; init; }

    /// <summary>Length of the features, 1..8192; 0 without them.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int FeatureSize { get; init; }

    public required int EmbeddingSize { get; init; }

    public required int GalleryRows { get; init; }

    /// <summary>Hits per image, 1..256.</summary>
    public required int TopK { get; init; }
}

/// <summary>
/// The meta model: names of its tensors. Input uint8 <c>[N,S,S,3]</c> RGB, or the features of the embedder where both share one trunk; the
/// sizes of the outputs are those of the labels.
/// </summary>
public sealed record StageTwoManifest
{
    public string File { get; init; } = "stage2.onnx";

    public string Input { get; init; } = "image";

    /// <summary>float <c>[N, colors]</c>.</summary>
    public string ColorLogits { get; init; } = "color_logits";

    /// <summary>float <c>[N, shapes]</c>.</summary>
    public string ShapeLogits { get; init; } = "shape_logits";

    /// <summary>
    /// Optional: float <c>[N, D]</c>, distances of the features from those of the training images, for the unknown detector.
    /// </summary>
    public string? Distances { get; init; }

    /// <summary>What each of the D distances is; the unknown detector refers to these names.</summary>
    public IReadOnlyList<string>? DistanceNames { get; init; }
}
