using Microsoft.ML.OnnxRuntime.Tensors;
using PartsWorker.Bundles.Bundle;

namespace PartsWorker.Inference;

/// <summary>The tensors of both networks, with the names and sizes in the bundle's manifest.</summary>
internal sealed record BatchLayout(
    int ImageSide,
    StageTensor Image,
    StageTensor StageTwoImage,
    StageTensor Embedding,
    StageTensor Scores,
    StageTensor Indices,
    StageTensor ColorLogits,
    StageTensor ShapeLogits)
{
    public static BatchLayout For(ModelBundle bundle)
    {
        var (one, two, side) = (bundle.Manifest.StageOne, bundle.Manifest.StageTwo, bundle.Manifest.Preprocessing.Size);
        return new BatchLayout(
            side,
            new StageTensor(one.Input, TensorElementType.UInt8, side, side, 3),
            new StageTensor(two.Input, TensorElementType.UInt8, side, side, 3),
            new StageTensor(one.Embedding, TensorElementType.Float, one.EmbeddingSize),
            new StageTensor(one.Scores, TensorElementType.Float, one.TopK),
            new StageTensor(one.Indices, TensorElementType.Int64, one.TopK),
            new StageTensor(two.ColorLogits, TensorElementType.Float, bundle.Labels.Colors.Count),
            new StageTensor(two.ShapeLogits, TensorElementType.Float, bundle.Labels.Shapes.Count));
    }
}
