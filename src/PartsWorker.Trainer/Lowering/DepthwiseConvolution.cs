using PartsWorker.Trainer.Graph;

namespace PartsWorker.Trainer.Lowering;

/// <summary>Depthwise convolution with ONNX's grouped Conv; the weight gradient treats every (image, channel) pair as a group.</summary>
internal class DepthwiseConvolution(Window window) : ConvolutionForm(window)
{
    public override Value Forward(GraphBuilder graph, Value x, Value weight, out object? kept)
    {
        kept = null;
        return graph.Conv(x, weight, null, Window.Stride, Window.Padding, Window.Groups);
    }

    protected override Value InputGradient(GraphBuilder graph, Value x, Value weight, Value dy, object? kept) => Window.Stride == 1
        ? ConvolveFlipped(graph, dy, Kernels.FlippedDepthwise(graph, weight), Window.Kernel - 1 - Window.Padding)
        : graph.ConvTranspose(dy, weight, Window.Stride, Window.Padding, Window.Groups, x.Height, x.Width);

    protected override Value WeightGradient(GraphBuilder graph, Value x, Value weight, Value dy, object? kept)
    {
        var correlation = Correlate(graph, x, dy, x.Batch * x.Channels);
        var taps = graph.Reshape(correlation, x.Batch, x.Channels, correlation.Height, correlation.Width);
        var size = Window.Kernel;
        var inside = graph.Slice(taps, [2, 3], [0, 0], [size, size], [1, 1]);
        return graph.Reshape(graph.SumOverBatch(inside), weight.Shape);
    }

    protected virtual Value ConvolveFlipped(GraphBuilder graph, Value dy, Value flipped, int padding) =>
        graph.Conv(dy, flipped, null, 1, padding, Window.Groups);

    /// <summary>Correlates each channel of each image of x with its dy; result [1, pairs, h, w].</summary>
    protected virtual Value Correlate(GraphBuilder graph, Value x, Value dy, int pairs) => graph.Conv(
        graph.Reshape(x, 1, pairs, x.Height, x.Width),
        graph.Reshape(dy, pairs, 1, dy.Height, dy.Width),
        null,
        1,
        Window.Padding,
        pairs,
        dilation: Window.Stride);
}
