using PartsWorker.Trainer.Graph;

namespace PartsWorker.Trainer.Lowering;

/// <summary>
/// A tap is what one kernel element of a strided window sees: rows i, i+s, ... and columns j, j+s, ... of a padded image.
/// Convolutions are sums over taps; these two are each other's gradient.
/// </summary>
internal static class ImageTaps
{
    /// <summary>The tap at (row, column) of an already padded image.</summary>
    public static Value Take(GraphBuilder g, Value x, int row, int column, int stride, int height, int width)
    {
        var first = RowAxis(x);
        return g.Slice(x, [first, first + 1], [row, column], [height, width], [stride, stride]);
    }

    /// <summary>Puts a tap back to where it came from in an image of the given size; everything else is zero.</summary>
    public static Value Scatter(GraphBuilder g, Value tap, int row, int column, int stride, int height, int width)
    {
        var first = RowAxis(tap);
        var spread = stride == 1 ? tap : ScatterAxis(g, ScatterAxis(g, tap, first, stride), first + 1, stride);
        var (before, after) = (new int[4], new int[4]);
        (before[first], before[first + 1]) = (row, column);
        after[first] = height - row - spread.Shape[first];
        after[first + 1] = width - column - spread.Shape[first + 1];
        return g.Pad(spread, before, after);
    }

    /// <summary>Padding of p zeros around the image.</summary>
    public static Value Pad(GraphBuilder g, Value x, int padding)
    {
        var pads = new int[4];
        var first = RowAxis(x);
        (pads[first], pads[first + 1]) = (padding, padding);
        return g.Pad(x, pads, pads);
    }

    private static int RowAxis(Value x) => x.Layout == Layout.ChannelsFirst ? 2 : 1;

    // Each element is followed by stride-1 zeros: a new axis of length one is padded and folded into the old one.
    private static Value ScatterAxis(GraphBuilder g, Value x, int axis, int stride)
    {
        int[] split = [.. x.Shape[..(axis + 1)], 1, .. x.Shape[(axis + 1)..]];
        var (before, after) = (new int[split.Length], new int[split.Length]);
        after[axis + 1] = stride - 1;
        var shape = x.Shape.ToArray();
        shape[axis] *= stride;
        return g.Reshape(g.Pad(g.Reshape(x, split), before, after), shape) with { Layout = x.Layout };
    }
}
