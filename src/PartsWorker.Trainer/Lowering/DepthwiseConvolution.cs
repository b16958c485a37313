using PartsWorker.Trainer.Graph;

namespace PartsWorker.Trainer.Lowering;

/// <summary>One kernel per channel with ONNX's grouped Conv; the weight gradient treats every (image, channel) pair as a group.</summary>
internal class DepthwiseConvolution(Window window) : ConvolutionForm(window)
{
    public override Value Forward(GraphBuilder g, Value x, Value weight, out object? kept)
    {
        kept = null;
        return g.Conv(x, weight, null, Window.Stride, Window.Padding, Window.Groups);
    }

    protected override Value InputGradient(GraphBuilder g, Value x, Value weight, Value dy, object? kept) => Window.Stride == 1
        ? ConvolveFlipped(g, dy, Kernels.FlippedDepthwise(g, weight), Window.Kernel - 1 - Window.Padding)
        : g.ConvTranspose(dy, weight, Window.Stride, Window.Padding, Window.Groups, x.Height, x.Width);

    protected override Value WeightGradient(GraphBuilder g, Value x, Value weight, Value dy, object? kept)
    {
        var correlation = Correlate(g, x, dy, x.Batch * x.Channels);
        var taps = g.Reshape(correlation, x.Batch, x.Channels, correlation.Height, correlation.Width);
        var size = Window.Kernel;
        var inside = g.Slice(taps, [2, 3], [0, 0], [size, size], [1, 1]);
        return g.Reshape(g.SumOverBatch(inside), weight.Shape);
    }

    protected virtual Value ConvolveFlipped(GraphBuilder g, Value dy, Value flipped, int padding) =>
        g.Conv(dy, flipped, null, 1, padding, Window.Groups);

    /// <summary>[1, pairs, h, w]: each channel of each image of x, with its dy as the kernel.</summary>
    protected virtual Value Correlate(GraphBuilder g, Value x, Value dy, int pairs) => g.Conv(
        g.Reshape(x, 1, pairs, x.Height, x.Width),
        g.Reshape(dy, pairs, 1, dy.Height, dy.Width),
        null,
        1,
        Window.Padding,
        pairs,
        dilation: Window.Stride);
}
