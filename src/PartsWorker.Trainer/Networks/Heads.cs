using PartsWorker.Trainer.Graph;

namespace PartsWorker.Trainer.Networks;

/// <summary>What stands behind a backbone: the embedding and the two-headed meta net.</summary>
internal static class Heads
{
    private const float Tiny = 1e-12f;

    /// <summary>
    /// [Lambda layer], global average, dropout, linear layer: the embedder of the backbones that bring none of their own.
    /// </summary>
    public static Value Embed(Layers l, NetworkSpec spec, Value features) =>
        l.Linear(l.Dropout(Pool(l, spec, features), spec.Dropout), "embedding", spec.Embedding);

    /// <summary>Color and shape logits from one feature map, and the vector that they are read from.</summary>
    public static (Value Colors, Value Shapes, Value Hidden) Meta(Layers l, NetworkSpec spec, Value features)
    {
        var pooled = Pool(l, spec, features);
        var hidden = spec.Hidden > 0 ? l.Linear(pooled, "hidden", spec.Hidden) : pooled;
        var dropped = l.Dropout(hidden, spec.Dropout);
        return (l.Linear(dropped, "color", spec.Colors), l.Linear(dropped, "shape", spec.Shapes), dropped);
    }

    /// <summary>x / |x| along the last axis.</summary>
    public static Value Normalize(Layers l, Value x)
    {
        var o = l.Ops;
        var squared = o.Sum(o.Mul(x, x), x.Rank - 1);
        return o.Mul(x, o.Reciprocal(o.Sqrt(o.Add(squared, o.Graph.Scalar(Tiny)))));
    }

    /// <summary>The feature map itself, or what the Lambda layer makes of it.</summary>
    public static Value Attend(Layers l, NetworkSpec spec, Value features) =>
        spec.Lambda ? LambdaLayer.Block(l, features, "lambda") : features;

    private static Value Pool(Layers l, NetworkSpec spec, Value features) => l.Flatten(l.Ops.AveragePool(Attend(l, spec, features)));
}
