using Microsoft.ML.OnnxRuntime.Tensors;
using PartsWorker.Bundles.Bundle;

namespace PartsWorker.Inference;

/// <summary>
/// The tensors of both networks, with the names and sizes in the bundle's manifest. Features are an output of the embedder and the input of
/// the meta model where both share one trunk.
/// </summary>
internal sealed record BatchLayout(
    int ImageSide,
    StageTensor Image,
    StageTensor? Features,
    StageTensor StageTwoInput,
    StageTensor Embedding,
    StageTensor Scores,
    StageTensor Indices,
    StageTensor ColorLogits,
    StageTensor ShapeLogits,
    StageTensor? Distances)
{
    /// <summary>Outputs of the embedder; the features, if there are any, are the last.</summary>
    public StageTensor[] StageOneOutputs => Features is null ? [Embedding, Scores, Indices] : [Embedding, Scores, Indices, Features];

    /// <summary>Outputs of the meta model; the distances, if there are any, are the last.</summary>
    public StageTensor[] StageTwoOutputs => Distances is null ? [ColorLogits, ShapeLogits] : [ColorLogits, ShapeLogits, Distances];

    public static BatchLayout For(ModelBundle bundle)
    {
        var (one, two, side) = (bundle.Manifest.StageOne, bundle.Manifest.StageTwo, bundle.Manifest.Preprocessing.Size);
        var features = one.Features is { } name ? new StageTensor(name, TensorElementType.Float, one.FeatureSize) : null;
        return new BatchLayout(
            side,
            new StageTensor(one.Input, TensorElementType.UInt8, side, side, 3),
            features,
            features ?? new StageTensor(two.Input, TensorElementType.UInt8, side, side, 3),
            new StageTensor(one.Embedding, TensorElementType.Float, one.EmbeddingSize),
            new StageTensor(one.Scores, TensorElementType.Float, one.TopK),
            new StageTensor(one.Indices, TensorElementType.Int64, one.TopK),
            new StageTensor(two.ColorLogits, TensorElementType.Float, bundle.Labels.Colors.Count),
            new StageTensor(two.ShapeLogits, TensorElementType.Float, bundle.Labels.Shapes.Count),
            two.Distances is { } distances ? new StageTensor(distances, TensorElementType.Float, two.DistanceNames!.Count) : null);
    }
}
