using PartsWorker.Trainer.Graph;

namespace PartsWorker.Trainer.Lowering;

/// <summary>What batch normalization remembers for its gradient.</summary>
/// <param name="Mean">[C] of this batch.</param>
/// <param name="Variance">[C], biased.</param>
/// <param name="Centered">x - mean, only where the composite form made it.</param>
internal sealed record BatchStatistics(Value Mean, Value Variance, Value? Centered, float Epsilon);

/// <summary>Batch normalization: ONNX's operator for [N,C,H,W], a composite of reductions where channels are the last axis.</summary>
internal static class BatchNormForms
{
    public static (Value Y, BatchStatistics Saved) Forward(GraphBuilder g, Value x, Value scale, Value shift, float epsilon)
    {
        if (x.IsChannelsFirst)
        {
            var (y, mean, variance) = g.TrainingBatchNorm(x, scale, shift, epsilon);
            return (y, new BatchStatistics(mean, variance, null, epsilon));
        }

        var center = g.ReduceMean(x, x.OtherAxes, keep: false);
        var centered = g.Sub(x, center);
        var spread = g.Scale(g.ReduceSumSquare(centered, x.OtherAxes, keep: false), 1f / PerChannel(x));
        var saved = new BatchStatistics(center, spread, centered, epsilon);
        return (g.Add(g.Mul(centered, g.Mul(scale, InverseDeviation(g, saved))), shift), saved);
    }

    /// <summary>dx = a·dy + b·x + c per channel, with a, b, c from the two sums over dy and dy·x.</summary>
    public static Value?[] Backward(GraphBuilder g, Value x, Value scale, Value dy, BatchStatistics saved)
    {
        var (axes, count) = (x.OtherAxes, PerChannel(x));
        var inverse = InverseDeviation(g, saved);
        var dShift = g.ReduceSum(dy, axes, keep: false);
        var product = g.ReduceSum(g.Mul(dy, saved.Centered ?? x), axes, keep: false);
        var dScale = g.Mul(inverse, saved.Centered is null ? g.Sub(product, g.Mul(saved.Mean, dShift)) : product);
        var a = g.Mul(scale, inverse);
        var b = g.Scale(g.Mul(a, g.Mul(inverse, dScale)), -1f / count);
        var c = g.Scale(g.Mul(a, dShift), -1f / count);
        if (saved.Centered is null)
        {
            c = g.Sub(c, g.Mul(b, saved.Mean));
        }

        var source = saved.Centered ?? x;
        var dx = g.Add(g.Mul(dy, g.PerChannel(x, a)), g.Add(g.Mul(source, g.PerChannel(x, b)), g.PerChannel(x, c)));
        return [dx with { Layout = x.Layout }, dScale, dShift];
    }

    private static int PerChannel(Value x) => (int)(x.Size / x.Channels);

    private static Value InverseDeviation(GraphBuilder g, BatchStatistics saved) =>
        g.Reciprocal(g.Sqrt(g.Add(saved.Variance, g.Scalar(saved.Epsilon))));
}
