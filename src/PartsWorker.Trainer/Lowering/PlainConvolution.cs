using PartsWorker.Trainer.Graph;

namespace PartsWorker.Trainer.Lowering;

/// <summary>[N,C,H,W] with ONNX's own Conv and ConvTranspose: works on every provider.</summary>
internal class PlainConvolution(Window window) : ConvolutionForm(window)
{
    public override Value Forward(GraphBuilder g, Value x, Value weight, out object? kept)
    {
        kept = null;
        return g.Conv(x, weight, null, Window.Stride, Window.Padding, Window.Groups);
    }

    protected override Value InputGradient(GraphBuilder g, Value x, Value weight, Value dy, object? kept) => Window.Stride == 1
        ? g.Conv(dy, Kernels.Flipped(g, weight), null, 1, Window.Kernel - 1 - Window.Padding)
        : g.ConvTranspose(dy, weight, Window.Stride, Window.Padding, Window.Groups, x.Height, x.Width);

    protected override Value WeightGradient(GraphBuilder g, Value x, Value weight, Value dy, object? kept)
    {
        // Per tap one product [Co, L] x [L, Ci], with L = N·Ho·Wo: channels last, so that no operand needs a transpose of its own.
        var padded = ImageTaps.Pad(g, g.ToChannelsLast(x), Window.Padding);
        var rows = g.Reshape(g.Transpose(dy, 1, 0, 2, 3), dy.Channels, -1);
        var taps = Kernels.Offsets(Window.Kernel).Select(o =>
        {
            var tap = ImageTaps.Take(g, padded, o.Row, o.Column, Window.Stride, dy.Height, dy.Width);
            return g.Gemm(rows, g.Reshape(tap, -1, x.Channels));
        }).ToArray();
        return Window.Kernel == 1
            ? g.Reshape(taps[0], weight.Shape)
            : g.Reshape(g.Transpose(g.Reshape(g.Concat(0, taps), taps.Length, dy.Channels, x.Channels), 1, 2, 0), weight.Shape);
    }
}
