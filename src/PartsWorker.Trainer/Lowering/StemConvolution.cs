using PartsWorker.Trainer.Graph;

namespace PartsWorker.Trainer.Lowering;

/// <summary>For few input channels and a large kernel: the weight gradient is one convolution with channels and batch swapped.</summary>
internal sealed class StemConvolution(Window window) : PlainConvolution(window)
{
    protected override Value WeightGradient(GraphBuilder graph, Value x, Value weight, Value dy, object? kept)
    {
        var image = graph.Transpose(x, 1, 0, 2, 3);
        var kernel = graph.Transpose(dy, 1, 0, 2, 3);
        var swapped = graph.Conv(image, kernel, null, 1, Window.Padding, dilation: Window.Stride);
        var size = Window.Kernel;
        return graph.Transpose(graph.Slice(swapped, [2, 3], [0, 0], [size, size], [1, 1]), 1, 0, 2, 3);
    }
}
