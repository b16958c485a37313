using PartsWorker.Trainer.Graph;

namespace PartsWorker.Trainer.Networks;

/// <summary>The layers after a backbone: the embedding, and the color and shape heads of the meta model.</summary>
internal static class Heads
{
    private const float Tiny = 1e-12f;
    private static readonly string[] HeadNames = ["embedding.", "color.", "shape.", "hidden.", "head.", "side."];

    /// <summary>
    /// Optional Lambda layer, global average, dropout, linear layer: the embedding of backbones that do not define their own.
    /// </summary>
    public static Value Embed(Layers layers, NetworkSpec spec, Value features) => EmbedPooled(layers, spec, Pool(layers, spec, features));

    /// <summary>Pooled features [N, F] to the embedding [N, E], not yet of unit length.</summary>
    public static Value EmbedPooled(Layers layers, NetworkSpec spec, Value pooled) =>
        layers.Linear(layers.Dropout(pooled, spec.Dropout), "embedding", spec.Embedding);

    /// <summary>Whether a parameter belongs to the layers after the backbone, which start from random weights.</summary>
    public static bool IsHead(string parameter) => HeadNames.Any(name => parameter.StartsWith(name, StringComparison.Ordinal));

    /// <summary>Pooled features [N, F] to color and shape logits.</summary>
    public static NetworkOutputs Meta(Layers layers, NetworkSpec spec, Value pooled)
    {
        var hidden = spec.Hidden > 0 ? layers.Linear(pooled, "hidden", spec.Hidden) : pooled;
        var dropped = layers.Dropout(hidden, spec.Dropout);
        return new NetworkOutputs(
            Colors: layers.Linear(dropped, "color", spec.Colors),
            Shapes: layers.Linear(dropped, "shape", spec.Shapes),
            Hidden: dropped,
            Features: pooled);
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

    /// <summary>The feature map [N,C,H,W] to its average [N,C], after the Lambda layer if there is one.</summary>
    public static Value Pool(Layers layers, NetworkSpec spec, Value features) =>
        layers.Flatten(layers.Ops.AveragePool(Attend(layers, spec, features)));
}
