using PartsWorker.Trainer.Graph;

namespace PartsWorker.Trainer.Lowering;

/// <summary>
/// 1x1, stride 1, [N,C,H,W]. The weight gradient is one product per image for large maps and one for the whole batch for small maps.
/// </summary>
internal sealed class PointwiseConvolution(Window window) : PlainConvolution(window)
{
    private const int LargeMap = 14 * 14;

    protected override Value WeightGradient(GraphBuilder graph, Value x, Value weight, Value dy, object? kept)
    {
        var pixels = x.Height * x.Width;
        var gradient = pixels >= LargeMap ? PerImage(graph, x, dy, pixels) : WholeBatch(graph, x, dy);
        return graph.Reshape(gradient, weight.Shape);
    }

    private static Value PerImage(GraphBuilder graph, Value x, Value dy, int pixels)
    {
        var left = graph.Reshape(dy, dy.Batch, dy.Channels, pixels);
        var right = graph.Transpose(graph.Reshape(x, x.Batch, x.Channels, pixels), 0, 2, 1);
        return graph.SumOverBatch(graph.MatMul(left, right));
    }

    private static Value WholeBatch(GraphBuilder graph, Value x, Value dy)
    {
        var left = graph.Reshape(graph.Transpose(dy, 1, 0, 2, 3), dy.Channels, -1);
        var right = graph.Reshape(graph.Transpose(x, 1, 0, 2, 3), x.Channels, -1);
        return graph.Gemm(left, right, transposeB: true);
    }
}
