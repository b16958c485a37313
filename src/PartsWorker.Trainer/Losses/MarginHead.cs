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
    /// Cosines [N, classes] and logits with margin. <paramref name="warmth"/> (0..1) blends the margin in, <paramref name="scale"/>
    /// is s: both are inputs of the step, so that a warm-up needs no new graph. A row whose image is mixed of two has the margin of
    /// each label by its share.
    /// </summary>
    public static (Value Cosines, Value Logits) Build(
        Ops o, IParameterStore store, LossSpec spec, NetworkOutputs network, int classes, Value target, Value warmth, Value scale)
    {
        var embedding = network.Embedding!;
        var centers = store.Parameter(new ParameterSpec(WeightName, [classes * spec.SubCenters, embedding.Shape[1]], Initializer.Xavier));
        var cosines = o.Linear(embedding, Normalize(o, centers));
        if (spec.SubCenters > 1)
        {
            var best = o.Max(o.Reshape(cosines, embedding.Batch, classes, spec.SubCenters), 2);
            cosines = o.Reshape(best, embedding.Batch, classes);
        }

        var limited = o.Clip(cosines, -CosineLimit, CosineLimit);
        var moved = o.Add(cosines, o.Mul(o.Sub(Move(o, spec, limited, warmth), limited), target));
        var length = spec.Margin == MarginKind.SphereFace ? Length(o, network.RawEmbedding!) : scale;
        return (cosines, o.Mul(moved, length));
    }

    private static Value Move(Ops o, LossSpec spec, Value cosine, Value warmth) => spec.Margin switch
    {
        MarginKind.Softmax => cosine,
        MarginKind.ArcFace => Arc(o, spec, cosine, o.Graph.Scale(warmth, spec.M)),
        MarginKind.CosFace => o.Sub(cosine, o.Graph.Scale(warmth, spec.M)),
        MarginKind.SphereFace => Sphere(o, spec, cosine, warmth),
        _ => Combined(o, spec, cosine, warmth),
    };

    // cos(t + m) = cos t cos m - sin t sin m needs no arc cosine. Beyond t = pi - m it would rise again: there, a line that keeps falling.
    private static Value Arc(Ops o, LossSpec spec, Value cosine, Value margin)
    {
        var g = o.Graph;
        var (cosM, sinM) = (g.Cos(margin), g.Sin(margin));
        var sine = o.Sqrt(o.Sub(g.Scalar(1), o.Mul(cosine, cosine)));
        var shifted = o.Sub(o.Mul(cosine, cosM), o.Mul(sine, sinM));
        return spec.EasyMargin
            ? o.Select(g.Greater(cosine, g.Scalar(0)), shifted, cosine)
            : o.Select(g.Greater(cosine, g.Neg(cosM)), shifted, o.Sub(cosine, g.Mul(margin, sinM)));
    }

    private static Value Sphere(Ops o, LossSpec spec, Value cosine, Value warmth)
    {
        var g = o.Graph;
        var angle = o.Acos(cosine);
        // k = floor(m t / pi) is constant between its jumps: no gradient flows through it.
        var k = g.Floor(g.Scale(angle, spec.M / MathF.PI));
        var odd = g.Sub(k, g.Scale(g.Floor(g.Scale(k, 0.5f)), 2));
        var sign = g.Sub(g.Scalar(1), g.Scale(odd, 2));
        var psi = o.Sub(o.Mul(o.Cos(o.Scale(angle, spec.M)), sign), g.Scale(k, 2));
        return o.Add(cosine, o.Mul(o.Sub(psi, cosine), warmth));
    }

    private static Value Combined(Ops o, LossSpec spec, Value cosine, Value warmth)
    {
        var g = o.Graph;
        var factor = g.Add(g.Scale(warmth, spec.M1 - 1), g.Scalar(1));
        var angle = o.Add(o.Mul(o.Acos(cosine), factor), g.Scale(warmth, spec.M2));
        return o.Sub(o.Cos(angle), g.Scale(warmth, spec.M3));
    }

    private static Value Length(Ops o, Value x) => o.Sqrt(o.Sum(o.Mul(x, x), 1));

    private static Value Normalize(Ops o, Value rows) => o.Mul(rows, o.Reciprocal(Length(o, rows)));
}
