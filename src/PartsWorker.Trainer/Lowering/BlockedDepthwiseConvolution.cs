using PartsWorker.Trainer.Graph;

namespace PartsWorker.Trainer.Lowering;

/// <summary>
/// Depthwise on ONNX Runtime's channel-blocked CPU kernels, two to six times faster than its grouped Conv. Channels must be a
/// multiple of the block. ONNX Runtime does this by itself only for constant weights; here they are inputs, so the graph says it.
/// </summary>
internal sealed class BlockedDepthwiseConvolution(Window window, int block) : DepthwiseConvolution(window)
{
    public override Value Forward(GraphBuilder g, Value x, Value weight, out object? kept)
    {
        kept = null;
        return Run(g, x, weight, Window.Stride, Window.Padding);
    }

    protected override Value Same(GraphBuilder g, Value dy, Value turned, int padding) => Run(g, dy, turned, 1, padding);

    protected override Value Correlate(GraphBuilder g, Value picture, Value kernel, int pairs)
    {
        // Blocking [pairs, 1, h, w] as kernels is the same permutation as blocking [1, pairs, h, w] as a picture.
        var (height, width) = (kernel.Height, kernel.Width);
        var blocked = g.Reshape(g.ToBlocked(g.Reshape(kernel, 1, pairs, height, width)), pairs, 1, height, width);
        return g.FromBlocked(g.BlockedConv(g.ToBlocked(picture), blocked, 1, 0, pairs, Window.Stride));
    }

    private Value Run(GraphBuilder g, Value x, Value weight, int stride, int padding)
    {
        var (channels, kernel) = (weight.Shape[0], weight.Shape[2]);
        var grouped = g.Transpose(g.Reshape(weight, channels / block, block, kernel, kernel), 0, 2, 3, 1);
        var blocked = g.Reshape(grouped, channels, 1, kernel, kernel);
        return g.FromBlocked(g.BlockedConv(g.ToBlocked(x), blocked, stride, padding, channels));
    }
}
