using PartsWorker.Trainer.Graph;

namespace PartsWorker.Trainer.Lowering;

/// <summary>One kernel per channel with ONNX's grouped Conv; the weight gradient treats every (picture, channel) pair as a group.</summary>
internal class DepthwiseConvolution(Window window) : ConvolutionForm(window)
{
    public override Value Forward(GraphBuilder g, Value x, Value weight, out object? kept)
    {
        kept = null;
        return g.Conv(x, weight, null, Window.Stride, Window.Padding, Window.Groups);
    }

    protected override Value InputGradient(GraphBuilder g, Value x, Value weight, Value dy, object? kept) => Window.Stride == 1
        ? Same(g, dy, Kernels.TurnedDepthwise(g, weight), Window.Kernel - 1 - Window.Padding)
        : g.ConvTranspose(dy, weight, Window.Stride, Window.Padding, Window.Groups, x.Height, x.Width);

    protected override Value WeightGradient(GraphBuilder g, Value x, Value weight, Value dy, object? kept)
    {
        var padded = ImageTaps.Pad(g, x, Window.Padding);
        var pairs = x.Batch * x.Channels;
        var picture = g.Reshape(padded, 1, pairs, padded.Height, padded.Width);
        var kernel = g.Reshape(dy, pairs, 1, dy.Height, dy.Width);
        var correlation = Correlate(g, picture, kernel, pairs);
        var taps = g.Reshape(correlation, x.Batch, x.Channels, correlation.Height, correlation.Width);
        var size = Window.Kernel;
        var inside = g.Slice(taps, [2, 3], [0, 0], [size, size], [1, 1]);
        return g.Reshape(g.ReduceSum(inside, [0], keep: false), weight.Shape);
    }

    protected virtual Value Same(GraphBuilder g, Value dy, Value turned, int padding) => g.Conv(dy, turned, null, 1, padding, Window.Groups);

    protected virtual Value Correlate(GraphBuilder g, Value picture, Value kernel, int pairs) =>
        g.Conv(picture, kernel, null, 1, 0, pairs, dilation: Window.Stride);
}
