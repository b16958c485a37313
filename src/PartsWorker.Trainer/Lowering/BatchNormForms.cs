using PartsWorker.Trainer.Graph;

namespace PartsWorker.Trainer.Lowering;

/// <summary>Values of batch normalization that its gradient needs.</summary>
/// <param name="Mean">[C] of this batch.</param>
/// <param name="Variance">[C], biased.</param>
/// <param name="Centered">x - mean; null unless the composite form computed it.</param>
internal sealed record BatchStatistics(Value Mean, Value Variance, Value? Centered, float Epsilon);

/// <summary>Batch normalization: ONNX's operator for [N,C,H,W], a composite of reductions if channels are the last axis.</summary>
internal static class BatchNormForms
{
    public static (Value Y, BatchStatistics Saved) Forward(GraphBuilder graph, Value x, Value scale, Value shift, float epsilon)
    {
        if (x.IsChannelsFirst)
        {
            var (y, mean, variance) = graph.TrainingBatchNorm(x, scale, shift, epsilon);
            return (y, new BatchStatistics(mean, variance, null, epsilon));
        }

        var center = graph.ReduceMean(x, x.OtherAxes, keep: false);
        var centered = graph.Sub(x, center);
        var spread = graph.Scale(graph.ReduceSumSquare(centered, x.OtherAxes, keep: false), 1f / PerChannel(x));
        var saved = new BatchStatistics(center, spread, centered, epsilon);
        return (graph.Add(graph.Mul(centered, graph.Mul(scale, InverseDeviation(graph, saved))), shift), saved);
    }

    /// <summary>dx = a·dy + b·x + c per channel, with a, b, c from the two sums over dy and dy·x.</summary>
    public static Value?[] Backward(GraphBuilder graph, Value x, Value scale, Value dy, BatchStatistics saved)
    {
        var (axes, count) = (x.OtherAxes, PerChannel(x));
        var inverse = InverseDeviation(graph, saved);
        var dShift = graph.ReduceSum(dy, axes, keep: false);
        var product = graph.ReduceSum(graph.Mul(dy, saved.Centered ?? x), axes, keep: false);
        var dScale = graph.Mul(inverse, saved.Centered is null ? graph.Sub(product, graph.Mul(saved.Mean, dShift)) : product);
        var a = graph.Mul(scale, inverse);
        var b = graph.Scale(graph.Mul(a, graph.Mul(inverse, dScale)), -1f / count);
        var c = graph.Scale(graph.Mul(a, dShift), -1f / count);
        if (saved.Centered is null)
        {
            c = graph.Sub(c, graph.Mul(b, saved.Mean));
        }

        var source = saved.Centered ?? x;
        var dx = graph.Add(
            graph.Mul(dy, graph.PerChannel(x, a)), graph.Add(graph.Mul(source, graph.PerChannel(x, b)), graph.PerChannel(x, c)));
        return [dx with { Layout = x.Layout }, dScale, dShift];
    }

    private static int PerChannel(Value x) => (int)(x.Size / x.Channels);

    private static Value InverseDeviation(GraphBuilder graph, BatchStatistics saved) =>
        graph.Reciprocal(graph.Sqrt(graph.Add(saved.Variance, graph.Scalar(saved.Epsilon))));
}
