using PartsWorker.Trainer.Graph;

namespace PartsWorker.Trainer.Lowering;

/// <summary>Rearranges convolution kernels inside the graph.</summary>
internal static class Kernels
{
    /// <summary>All kernel positions, row by row.</summary>
    public static IEnumerable<(int Row, int Column)> Offsets(int kernel) =>
        from row in Enumerable.Range(0, kernel) from column in Enumerable.Range(0, kernel) select (row, column);

    /// <summary>[Co,Ci,k,k] rotated by 180 degrees with its channels swapped: the kernel of the input gradient.</summary>
    public static Value Flipped(GraphBuilder graph, Value weight)
    {
        var (outputs, inputs, taps) = (weight.Shape[0], weight.Shape[1], weight.Shape[2] * weight.Shape[3]);
        if (taps == 1)
        {
            return graph.Transpose(weight, 1, 0, 2, 3);
        }

        // A product with the exchange matrix is three to five times faster than Gather or a negative Slice, and exact, because each
        // result is one weight times one.
        var flipped = graph.MatMul(graph.Reshape(weight, outputs * inputs, taps), Exchange(graph, taps));
        var swapped = graph.Transpose(graph.Reshape(flipped, outputs, inputs, taps), 1, 0, 2);
        return graph.Reshape(swapped, inputs, outputs, weight.Shape[2], weight.Shape[3]);
    }

    /// <summary>[C,1,k,k] rotated by 180 degrees.</summary>
    public static Value FlippedDepthwise(GraphBuilder graph, Value weight)
    {
        var taps = weight.Shape[2] * weight.Shape[3];
        var flipped = graph.Gather(graph.Reshape(weight, weight.Shape[0], taps), 1, [.. Enumerable.Range(0, taps).Reverse()]);
        return graph.Reshape(flipped, weight.Shape);
    }

    private static Value Exchange(GraphBuilder graph, int size)
    {
        var matrix = new float[size * size];
        for (var i = 0; i < size; i++)
        {
            matrix[(i * size) + (size - 1 - i)] = 1;
        }

        return graph.Constant(matrix, size, size);
    }
}
