using PartsWorker.Trainer.Graph;

namespace PartsWorker.Trainer.Lowering;

/// <summary>
/// [N,H,W,C] for small maps: all taps form one matrix, so the whole batch is one matrix product. ONNX Runtime's Conv reads the weights
/// again for every image, which is two to five times slower at 2x2 to 8x8 pixels. Weights are stored as [Co,k,k,Ci].
/// </summary>
internal sealed class ChannelsLastConvolution(Window window) : ConvolutionForm(window)
{
    public override Layout Layout => Layout.ChannelsLast;

    public override Value Forward(GraphBuilder graph, Value x, Value weight, out object? kept)
    {
        var height = Graph.Shapes.Window(x.Height, Window.Kernel, Window.Stride, Window.Padding);
        var width = Graph.Shapes.Window(x.Width, Window.Kernel, Window.Stride, Window.Padding);
        var columns = Columns(graph, ImageTaps.Pad(graph, x, Window.Padding), Kernels.Offsets(Window.Kernel), Window.Stride, height, width);
        kept = columns;
        return Image(graph, graph.Gemm(columns, AsMatrix(graph, weight), transposeB: true), x.Batch, height, width);
    }

    protected override Value WeightGradient(GraphBuilder graph, Value x, Value weight, Value dy, object? kept) =>
        graph.Reshape(graph.Gemm(graph.Reshape(dy, -1, dy.Channels), (Value)kept!, transposeA: true), weight.Shape);

    protected override Value InputGradient(GraphBuilder graph, Value x, Value weight, Value dy, object? kept) =>
        Window.Stride == 1 ? ReversedTaps(graph, x, weight, dy) : ScatterTaps(graph, x, weight, dy);

    // Reversing the order of the taps of dy replaces flipping the kernel.
    private Value ReversedTaps(GraphBuilder graph, Value x, Value weight, Value dy)
    {
        var (kernel, outputs, inputs) = (Window.Kernel, dy.Channels, x.Channels);
        var padded = ImageTaps.Pad(graph, dy, kernel - 1 - Window.Padding);
        var columns = Columns(graph, padded, Kernels.Offsets(kernel).Reverse(), 1, x.Height, x.Width);
        var flipped = graph.Transpose(graph.Reshape(weight, outputs, kernel * kernel, inputs), 1, 0, 2);
        return Image(graph, graph.Gemm(columns, graph.Reshape(flipped, kernel * kernel * outputs, inputs)), x.Batch, x.Height, x.Width);
    }

    private Value ScatterTaps(GraphBuilder graph, Value x, Value weight, Value dy)
    {
        var columns = graph.Gemm(graph.Reshape(dy, -1, dy.Channels), AsMatrix(graph, weight));
        var taps = Window.Kernel == 1 ? [columns] : graph.Split(columns, 1, Window.Kernel * Window.Kernel);
        var reach = 2 * Window.Padding;
        var sum = Kernels.Offsets(Window.Kernel).Zip(taps).Select(pair =>
        {
            var image = Image(graph, pair.Second, x.Batch, dy.Height, dy.Width);
            // The zeros after the last element may extend past the border, so the frame is larger and cropped below.
            return ImageTaps.Scatter(
                graph,
                image,
                pair.First.Row,
                pair.First.Column,
                Window.Stride,
                Frame(x.Height, dy.Height, reach),
                Frame(x.Width, dy.Width, reach));
        }).Aggregate(graph.Add);
        return graph.Slice(sum, [1, 2], [Window.Padding, Window.Padding], [x.Height, x.Width], [1, 1]);
    }

    private int Frame(int size, int outputs, int reach) => Math.Max(size + reach, Window.Kernel - 1 + (outputs * Window.Stride));

    private static Value Columns(
        GraphBuilder graph, Value padded, IEnumerable<(int Row, int Column)> offsets, int stride, int height, int width)
    {
        var taps = offsets.Select(offset => ImageTaps.Gather(graph, padded, offset.Row, offset.Column, stride, height, width)).ToArray();
        var joined = taps.Length == 1 ? taps[0] : graph.Concat(3, taps);
        return graph.Reshape(joined, -1, joined.Shape[3]);
    }

    private static Value AsMatrix(GraphBuilder graph, Value weight) => graph.Reshape(weight, weight.Shape[0], -1);

    private static Value Image(GraphBuilder graph, Value matrix, int batch, int height, int width) =>
        graph.Reshape(matrix, batch, height, width, matrix.Shape[1]) with { Layout = Layout.ChannelsLast };
}
