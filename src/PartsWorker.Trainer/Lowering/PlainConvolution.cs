using PartsWorker.Trainer.Graph;

namespace PartsWorker.Trainer.Lowering;

/// <summary>[N,C,H,W] with ONNX's Conv and ConvTranspose; works on every execution provider.</summary>
internal class PlainConvolution(Window window) : ConvolutionForm(window)
{
    public override Value Forward(GraphBuilder graph, Value x, Value weight, out object? kept)
    {
        kept = null;
        return graph.Conv(x, weight, null, Window.Stride, Window.Padding, Window.Groups);
    }

    protected override Value InputGradient(GraphBuilder graph, Value x, Value weight, Value dy, object? kept) => Window.Stride == 1
        ? graph.Conv(dy, Kernels.Flipped(graph, weight), null, 1, Window.Kernel - 1 - Window.Padding)
        : graph.ConvTranspose(dy, weight, Window.Stride, Window.Padding, Window.Groups, x.Height, x.Width);

    protected override Value WeightGradient(GraphBuilder graph, Value x, Value weight, Value dy, object? kept)
    {
        // One product [Co, L] x [L, Ci] per tap, with L = N·Ho·Wo. Channels are last, so that no tap needs a transpose.
        var padded = ImageTaps.Pad(graph, graph.ToChannelsLast(x), Window.Padding);
        var rows = graph.Reshape(graph.Transpose(dy, 1, 0, 2, 3), dy.Channels, -1);
        var taps = Kernels.Offsets(Window.Kernel).Select(offset =>
        {
            var tap = ImageTaps.Gather(graph, padded, offset.Row, offset.Column, Window.Stride, dy.Height, dy.Width);
            return graph.Gemm(rows, graph.Reshape(tap, -1, x.Channels));
        }).ToArray();
        if (Window.Kernel == 1)
        {
            return graph.Reshape(taps[0], weight.Shape);
        }

        var joined = graph.Reshape(graph.Concat(0, taps), taps.Length, dy.Channels, x.Channels);
        return graph.Reshape(graph.Transpose(joined, 1, 2, 0), weight.Shape);
    }
}
