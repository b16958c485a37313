using PartsWorker.Trainer.Graph;

namespace PartsWorker.Trainer.Lowering;

/// <summary>
/// Depthwise on ONNX Runtime's channel-blocked CPU kernels, two to six times faster than its grouped Conv. Channels must be a
/// multiple of the block. ONNX Runtime does this by itself only for constant weights; here they are inputs, so the graph says it.
/// </summary>
internal sealed class BlockedDepthwiseConvolution(Window window) : DepthwiseConvolution(window)
{
    public override Value Forward(GraphBuilder g, Value x, Value weight, out object? kept)
    {
        kept = null;
        return Run(g, x, weight, Window.Stride, Window.Padding);
    }

    protected override Value ConvolveFlipped(GraphBuilder g, Value dy, Value flipped, int padding) => Run(g, dy, flipped, 1, padding);

    protected override Value Correlate(GraphBuilder g, Value x, Value dy, int pairs)
    {
        // Blocking [n, c, h, w] is the same permutation as blocking [1, n·c, h, w], or [n·c, 1, h, w] as kernels: both are blocked already.
        var image = g.Reshape(g.ToBlocked(x), 1, pairs, x.Height, x.Width);
        var kernel = g.Reshape(g.ToBlocked(dy), pairs, 1, dy.Height, dy.Width);
        return g.FromBlocked(g.BlockedConv(image, kernel, 1, Window.Padding, pairs, Window.Stride));
    }

    private static Value Run(GraphBuilder g, Value x, Value weight, int stride, int padding)
    {
        var (channels, kernel) = (weight.Shape[0], weight.Shape[2]);
        var blocked = g.Reshape(g.ToBlocked(g.Reshape(weight, 1, channels, kernel, kernel)), channels, 1, kernel, kernel);
        return g.FromBlocked(g.BlockedConv(g.ToBlocked(x), blocked, stride, padding, channels));
    }
}
