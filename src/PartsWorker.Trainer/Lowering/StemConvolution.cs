using PartsWorker.Trainer.Graph;

namespace PartsWorker.Trainer.Lowering;

/// <summary>Few input channels and a large kernel: the weight gradient is itself one convolution with image and batch exchanged.</summary>
internal sealed class StemConvolution(Window window) : PlainConvolution(window)
{
    protected override Value WeightGradient(GraphBuilder g, Value x, Value weight, Value dy, object? kept)
    {
        var image = g.Transpose(x, 1, 0, 2, 3);
        var kernel = g.Transpose(dy, 1, 0, 2, 3);
        var swapped = g.Conv(image, kernel, null, 1, Window.Padding, dilation: Window.Stride);
        var size = Window.Kernel;
        return g.Transpose(g.Slice(swapped, [2, 3], [0, 0], [size, size], [1, 1]), 1, 0, 2, 3);
    }
}
