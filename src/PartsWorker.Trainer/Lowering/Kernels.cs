using PartsWorker.Trainer.Graph;

namespace PartsWorker.Trainer.Lowering;

/// <summary>Convolution kernels, re-arranged inside the graph.</summary>
internal static class Kernels
{
    /// <summary>All kernel positions in row order.</summary>
    public static IEnumerable<(int Row, int Column)> Offsets(int kernel) =>
        from row in Enumerable.Range(0, kernel) from column in Enumerable.Range(0, kernel) select (row, column);

    /// <summary>[Co,Ci,k,k] flipped (turned by 180 degrees) and with its channels exchanged: the kernel of the input gradient.</summary>
    public static Value Flipped(GraphBuilder g, Value weight)
    {
        var (outputs, inputs, taps) = (weight.Shape[0], weight.Shape[1], weight.Shape[2] * weight.Shape[3]);
        if (taps == 1)
        {
            return g.Transpose(weight, 1, 0, 2, 3);
        }

        // A product with the exchange matrix flips the kernel three to five times faster than Gather or a negative Slice, and is
        // exact: each result is one weight times one.
        var flipped = g.MatMul(g.Reshape(weight, outputs * inputs, taps), Exchange(g, taps));
        var swapped = g.Transpose(g.Reshape(flipped, outputs, inputs, taps), 1, 0, 2);
        return g.Reshape(swapped, inputs, outputs, weight.Shape[2], weight.Shape[3]);
    }

    /// <summary>[C,1,k,k] flipped (turned by 180 degrees).</summary>
    public static Value FlippedDepthwise(GraphBuilder g, Value weight)
    {
        var taps = weight.Shape[2] * weight.Shape[3];
        var flipped = g.Gather(g.Reshape(weight, weight.Shape[0], taps), 1, [.. Enumerable.Range(0, taps).Reverse()]);
        return g.Reshape(flipped, weight.Shape);
    }

    private static Value Exchange(GraphBuilder g, int size)
    {
        var matrix = new float[size * size];
        for (var i = 0; i < size; i++)
        {
            matrix[(i * size) + (size - 1 - i)] = 1;
        }

        return g.Constant(matrix, size, size);
    }
}
