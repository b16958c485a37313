using PartsWorker.Trainer.Graph;

namespace PartsWorker.Trainer.Lowering;

/// <summary>
/// A tap is the input of one kernel element of a strided window: rows i, i+s, ... and columns j, j+s, ... of a padded image. A
/// convolution is a sum over taps. <see cref="Gather"/> and <see cref="Scatter"/> are each other's gradient.
/// </summary>
internal static class ImageTaps
{
    /// <summary>The tap at (row, column) of an already padded image.</summary>
    public static Value Gather(GraphBuilder graph, Value x, int row, int column, int stride, int height, int width)
    {
        var first = RowAxis(x);
        return graph.Slice(x, [first, first + 1], [row, column], [height, width], [stride, stride]);
    }

    /// <summary>Writes a tap back to its position in an image of the given size; all other pixels are zero.</summary>
    public static Value Scatter(GraphBuilder graph, Value tap, int row, int column, int stride, int height, int width)
    {
        var first = RowAxis(tap);
        var spread = stride == 1 ? tap : ScatterAxis(graph, ScatterAxis(graph, tap, first, stride), first + 1, stride);
        var (before, after) = (new int[4], new int[4]);
        (before[first], before[first + 1]) = (row, column);
        after[first] = height - row - spread.Shape[first];
        after[first + 1] = width - column - spread.Shape[first + 1];
        return graph.Pad(spread, before, after);
    }

    /// <summary>Pads the image with zeros on all sides.</summary>
    public static Value Pad(GraphBuilder graph, Value x, int padding)
    {
        var pads = new int[4];
        var first = RowAxis(x);
        (pads[first], pads[first + 1]) = (padding, padding);
        return graph.Pad(x, pads, pads);
    }

    private static int RowAxis(Value x) => x.Layout == Layout.ChannelsFirst ? 2 : 1;

    // Adds stride-1 zeros after each element: pads a new axis of length one and merges it with the old axis.
    private static Value ScatterAxis(GraphBuilder graph, Value x, int axis, int stride)
    {
        int[] split = [.. x.Shape[..(axis + 1)], 1, .. x.Shape[(axis + 1)..]];
        var (before, after) = (new int[split.Length], new int[split.Length]);
        after[axis + 1] = stride - 1;
        var shape = x.Shape.ToArray();
        shape[axis] *= stride;
        return graph.Reshape(graph.Pad(graph.Reshape(x, split), before, after), shape) with { Layout = x.Layout };
    }
}
