using PartsWorker.Trainer.Autodiff;
using PartsWorker.Trainer.Graph;
using PartsWorker.Trainer.Networks;

namespace PartsWorker.Trainer.Losses;

/// <summary>Class centers on the unit sphere and the margin between an embedding and its own center.</summary>
internal static class MarginHead
{
    public const string WeightName = "head.weight";
    private const float CosineLimit = 1 - 1e-6f;

    /// <summary>
    /// Cosines [N, classes] and logits with margin. <paramref name="warmth"/> (0..1) scales the margin, <paramref name="scale"/>
    /// is s. Both are inputs of the training graph, so that a warm-up needs no new graph. For a mixed image, each label gets its margin
    /// by its share.
    /// </summary>
    public static (Value Cosines, Value Logits) Build(
        Ops ops, IParameterStore store, LossSpec spec, NetworkOutputs network, int classes, Value target, Value warmth, Value scale)
    {
        var embedding = network.Embedding!;
        var centers = store.Parameter(new ParameterSpec(WeightName, [classes * spec.SubCenters, embedding.Shape[1]], Initializer.Xavier));
        var cosines = ops.Linear(embedding, Normalize(ops, centers));
        if (spec.SubCenters > 1)
        {
            var best = ops.Max(ops.Reshape(cosines, embedding.Batch, classes, spec.SubCenters), 2);
            cosines = ops.Reshape(best, embedding.Batch, classes);
        }

        var limited = ops.Clip(cosines, -CosineLimit, CosineLimit);
        var moved = ops.Add(cosines, ops.Mul(ops.Sub(Move(ops, spec, limited, warmth), limited), target));
        if (spec.HardNegatives > 0)
        {
            moved = ops.Add(moved, HardNegatives(ops, cosines, moved, target, ops.Graph.Scale(warmth, spec.HardNegatives)));
        }

        var length = spec.Margin == MarginKind.SphereFace ? Length(ops, network.RawEmbedding!) : scale;
        return (cosines, ops.Mul(moved, length));
    }

    // Which classes are hard has no gradient; how hard they are has one. For a mixed image, the mean of its labels is the own class.
    private static Value HardNegatives(Ops ops, Value cosines, Value moved, Value target, Value weight)
    {
        var graph = ops.Graph;
        var own = graph.ReduceSum(graph.Mul(moved, target), [1]);
        var hard = graph.Cast(graph.Greater(cosines, own), ElementType.Float);
        var other = graph.Cast(graph.Equal(target, graph.Scalar(0)), ElementType.Float);
        return ops.Mul(ops.Add(cosines, graph.Scalar(1)), graph.Mul(graph.Mul(hard, other), weight));
    }

    private static Value Move(Ops ops, LossSpec spec, Value cosine, Value warmth) => spec.Margin switch
    {
        MarginKind.Softmax => cosine,
        MarginKind.ArcFace => Arc(ops, spec, cosine, ops.Graph.Scale(warmth, spec.M)),
        MarginKind.CosFace => ops.Sub(cosine, ops.Graph.Scale(warmth, spec.M)),
        MarginKind.SphereFace => Sphere(ops, spec, cosine, warmth),
        _ => Combined(ops, spec, cosine, warmth),
    };

    // cos(t + m) = cos t cos m - sin t sin m needs no arc cosine. Beyond t = pi - m it would rise again, so a falling line replaces it.
    private static Value Arc(Ops ops, LossSpec spec, Value cosine, Value margin)
    {
        var graph = ops.Graph;
        var (cosM, sinM) = (graph.Cos(margin), graph.Sin(margin));
        var sine = ops.Sqrt(ops.Sub(graph.Scalar(1), ops.Mul(cosine, cosine)));
        var shifted = ops.Sub(ops.Mul(cosine, cosM), ops.Mul(sine, sinM));
        return spec.EasyMargin
            ? ops.Select(graph.Greater(cosine, graph.Scalar(0)), shifted, cosine)
            : ops.Select(graph.Greater(cosine, graph.Neg(cosM)), shifted, ops.Sub(cosine, graph.Mul(margin, sinM)));
    }

    private static Value Sphere(Ops ops, LossSpec spec, Value cosine, Value warmth)
    {
        var graph = ops.Graph;
        var angle = ops.Acos(cosine);
        // k = floor(m t / pi) is piecewise constant, so it has no gradient.
        var k = graph.Floor(graph.Scale(angle, spec.M / MathF.PI));
        var odd = graph.Sub(k, graph.Scale(graph.Floor(graph.Scale(k, 0.5f)), 2));
        var sign = graph.Sub(graph.Scalar(1), graph.Scale(odd, 2));
        var psi = ops.Sub(ops.Mul(ops.Cos(ops.Scale(angle, spec.M)), sign), graph.Scale(k, 2));
        return ops.Add(cosine, ops.Mul(ops.Sub(psi, cosine), warmth));
    }

    private static Value Combined(Ops ops, LossSpec spec, Value cosine, Value warmth)
    {
        var graph = ops.Graph;
        var factor = graph.Add(graph.Scale(warmth, spec.M1 - 1), graph.Scalar(1));
        var angle = ops.Add(ops.Mul(ops.Acos(cosine), factor), graph.Scale(warmth, spec.M2));
        return ops.Sub(ops.Cos(angle), graph.Scale(warmth, spec.M3));
    }

    private static Value Length(Ops ops, Value x) => ops.Sqrt(ops.Sum(ops.Mul(x, x), 1));

    private static Value Normalize(Ops ops, Value rows) => ops.Mul(rows, ops.Reciprocal(Length(ops, rows)));
}
