using PartsWorker.Trainer.Graph;

namespace PartsWorker.Trainer.Lowering;

/// <summary>
/// [N,H,W,C] on small maps: all taps side by side make one matrix, and the whole batch one product. ONNX Runtime's Conv reads the
/// weights again for every image, which at 2x2 to 8x8 pixels costs two to five times as much. Weights are kept as [Co,k,k,Ci].
/// </summary>
internal sealed class ChannelsLastConvolution(Window window) : ConvolutionForm(window)
{
    public override Layout Layout => Layout.ChannelsLast;

    public override Value Forward(GraphBuilder g, Value x, Value weight, out object? kept)
    {
        var height = Graph.Shapes.Window(x.Height, Window.Kernel, Window.Stride, Window.Padding);
        var width = Graph.Shapes.Window(x.Width, Window.Kernel, Window.Stride, Window.Padding);
        var columns = Columns(g, ImageTaps.Pad(g, x, Window.Padding), Kernels.Offsets(Window.Kernel), Window.Stride, height, width);
        kept = columns;
        return Image(g, g.Gemm(columns, AsMatrix(g, weight), transposeB: true), x.Batch, height, width);
    }

    protected override Value WeightGradient(GraphBuilder g, Value x, Value weight, Value dy, object? kept) =>
        g.Reshape(g.Gemm(g.Reshape(dy, -1, dy.Channels), (Value)kept!, transposeA: true), weight.Shape);

    protected override Value InputGradient(GraphBuilder g, Value x, Value weight, Value dy, object? kept) =>
        Window.Stride == 1 ? ReversedTaps(g, x, weight, dy) : ScatterTaps(g, x, weight, dy);

    // The taps of dy in reversed order are the flipped kernel for free.
    private Value ReversedTaps(GraphBuilder g, Value x, Value weight, Value dy)
    {
        var (kernel, outputs, inputs) = (Window.Kernel, dy.Channels, x.Channels);
        var padded = ImageTaps.Pad(g, dy, kernel - 1 - Window.Padding);
        var columns = Columns(g, padded, Kernels.Offsets(kernel).Reverse(), 1, x.Height, x.Width);
        var flipped = g.Transpose(g.Reshape(weight, outputs, kernel * kernel, inputs), 1, 0, 2);
        return Image(g, g.Gemm(columns, g.Reshape(flipped, kernel * kernel * outputs, inputs)), x.Batch, x.Height, x.Width);
    }

    private Value ScatterTaps(GraphBuilder g, Value x, Value weight, Value dy)
    {
        var columns = g.Gemm(g.Reshape(dy, -1, dy.Channels), AsMatrix(g, weight));
        var taps = Window.Kernel == 1 ? [columns] : g.Split(columns, 1, Window.Kernel * Window.Kernel);
        var reach = 2 * Window.Padding;
        var sum = Kernels.Offsets(Window.Kernel).Zip(taps).Select(pair =>
        {
            var image = Image(g, pair.Second, x.Batch, dy.Height, dy.Width);
            // The zeros that follow the last element may reach past the border; the frame grows by them and is cut below.
            return ImageTaps.Scatter(
                g,
                image,
                pair.First.Row,
                pair.First.Column,
                Window.Stride,
                Frame(x.Height, dy.Height, reach),
                Frame(x.Width, dy.Width, reach));
        }).Aggregate(g.Add);
        return g.Slice(sum, [1, 2], [Window.Padding, Window.Padding], [x.Height, x.Width], [1, 1]);
    }

    private int Frame(int size, int outputs, int reach) => Math.Max(size + reach, Window.Kernel - 1 + (outputs * Window.Stride));

    private static Value Columns(
        GraphBuilder g, Value padded, IEnumerable<(int Row, int Column)> offsets, int stride, int height, int width)
    {
        var taps = offsets.Select(o => ImageTaps.Take(g, padded, o.Row, o.Column, stride, height, width)).ToArray();
        var joined = taps.Length == 1 ? taps[0] : g.Concat(3, taps);
        return g.Reshape(joined, -1, joined.Shape[3]);
    }

    private static Value AsMatrix(GraphBuilder g, Value weight) => g.Reshape(weight, weight.Shape[0], -1);

    private static Value Image(GraphBuilder g, Value matrix, int batch, int height, int width) =>
        g.Reshape(matrix, batch, height, width, matrix.Shape[1]) with { Layout = Layout.ChannelsLast };
}
