using PartsWorker.Trainer.Graph;

namespace PartsWorker.Trainer.Networks;

/// <summary>The layers after a backbone: the embedding, and the color and shape heads of the meta model.</summary>
internal static class Heads
{
    private const float Tiny = 1e-12f;

    /// <summary>
    /// Optional Lambda layer, global average, dropout, linear layer: the embedding of backbones that do not define their own.
    /// </summary>
    public static Value Embed(Layers layers, NetworkSpec spec, Value features) =>
        layers.Linear(layers.Dropout(Pool(layers, spec, features), spec.Dropout), "embedding", spec.Embedding);

    /// <summary>Color and shape logits, and the vector that both heads read.</summary>
    public static (Value Colors, Value Shapes, Value Hidden) Meta(Layers layers, NetworkSpec spec, Value features)
    {
        var pooled = Pool(layers, spec, features);
        var hidden = spec.Hidden > 0 ? layers.Linear(pooled, "hidden", spec.Hidden) : pooled;
        var dropped = layers.Dropout(hidden, spec.Dropout);
        return (layers.Linear(dropped, "color", spec.Colors), layers.Linear(dropped, "shape", spec.Shapes), dropped);
    }

    /// <summary>x / |x| along the last axis.</summary>
    public static Value Normalize(Layers layers, Value x)
    {
        var ops = layers.Ops;
        var squared = ops.Sum(ops.Mul(x, x), x.Rank - 1);
        return ops.Mul(x, ops.Reciprocal(ops.Sqrt(ops.Add(squared, ops.Graph.Scalar(Tiny)))));
    }

    /// <summary>The feature map, after the Lambda layer if there is one.</summary>
    public static Value Attend(Layers layers, NetworkSpec spec, Value features) =>
        spec.Lambda ? LambdaLayer.Block(layers, features, "lambda") : features;

    private static Value Pool(Layers layers, NetworkSpec spec, Value features) =>
        layers.Flatten(layers.Ops.AveragePool(Attend(layers, spec, features)));
}
