namespace PartsWorker.Trainer.Graph;

/// <summary>Shape arithmetic. -1 is the open batch dimension; a product with it is also -1.</summary>
internal static class Shapes
{
    public static int Product(params ReadOnlySpan<int> dims)
    {
        var product = 1;
        foreach (var d in dims)
        {
            product = d < 0 || product < 0 ? -1 : checked(product * d);
        }

        return product;
    }

    public static int[] Broadcast(int[] a, int[] b)
    {
        var rank = Math.Max(a.Length, b.Length);
        var shape = new int[rank];
        for (var i = 1; i <= rank; i++)
        {
            var (x, y) = (i <= a.Length ? a[^i] : 1, i <= b.Length ? b[^i] : 1);
            if (x != y && x != 1 && y != 1)
            {
                throw Mismatch(a, b);
            }

            shape[^i] = x == 1 ? y : x;
        }

        return shape;
    }

    /// <summary>The axes of <paramref name="wide"/> along which a value of shape <paramref name="narrow"/> was broadcast.</summary>
    public static int[] BroadcastAxes(int[] wide, int[] narrow)
    {
        var lead = wide.Length - narrow.Length;
        return [.. Enumerable.Range(0, wide.Length).Where(i => i < lead || (narrow[i - lead] == 1 && wide[i] != 1))];
    }

    public static int[] Reduce(int[] shape, int[] axes, bool keep) => keep
        ? [.. shape.Select((d, i) => axes.Contains(i) ? 1 : d)]
        : [.. shape.Where((_, i) => !axes.Contains(i))];

    /// <summary>Output length of a sliding window along one axis.</summary>
    public static int Window(int size, int kernel, int stride, int padding, int dilation = 1) =>
        ((size + (2 * padding) - (dilation * (kernel - 1)) - 1) / stride) + 1;

    public static string Text(int[] shape) => $"[{string.Join(',', shape)}]";

    private static ArgumentException Mismatch(int[] a, int[] b) => new($"shapes {Text(a)} and {Text(b)} cannot be broadcast together");
}
