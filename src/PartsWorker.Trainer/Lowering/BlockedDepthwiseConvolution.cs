using PartsWorker.Trainer.Graph;

namespace PartsWorker.Trainer.Lowering;

/// <summary>
/// Depthwise convolution with ONNX Runtime's channel-blocked CPU kernels, two to six times faster than its grouped Conv. The number of
/// channels must be a multiple of the block. ONNX Runtime chooses these kernels only for constant weights, but here the weights are inputs.
/// </summary>
internal sealed class BlockedDepthwiseConvolution(Window window) : DepthwiseConvolution(window)
{
    public override Value Forward(GraphBuilder graph, Value x, Value weight, out object? kept)
    {
        kept = null;
        return Run(graph, x, weight, Window.Stride, Window.Padding);
    }

    protected override Value ConvolveFlipped(GraphBuilder graph, Value dy, Value flipped, int padding) =>
        Run(graph, dy, flipped, 1, padding);

    protected override Value Correlate(GraphBuilder graph, Value x, Value dy, int pairs)
    {
        // Blocking [n, c, h, w] is the same permutation as blocking [1, n·c, h, w] or the kernels [n·c, 1, h, w], so a reshape is enough.
        var image = graph.Reshape(graph.ToBlocked(x), 1, pairs, x.Height, x.Width);
        var kernel = graph.Reshape(graph.ToBlocked(dy), pairs, 1, dy.Height, dy.Width);
        return graph.FromBlocked(graph.BlockedConv(image, kernel, 1, Window.Padding, pairs, Window.Stride));
    }

    private static Value Run(GraphBuilder graph, Value x, Value weight, int stride, int padding)
    {
        var (channels, kernel) = (weight.Shape[0], weight.Shape[2]);
        var blocked = graph.Reshape(graph.ToBlocked(graph.Reshape(weight, 1, channels, kernel, kernel)), channels, 1, kernel, kernel);
        return graph.FromBlocked(graph.BlockedConv(graph.ToBlocked(x), blocked, stride, padding, channels));
    }
}
