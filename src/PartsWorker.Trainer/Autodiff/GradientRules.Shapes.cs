using PartsWorker.Trainer.Graph;

namespace PartsWorker.Trainer.Autodiff;

internal static partial class GradientRules
{
    /// <summary>Sums a gradient over the axes along which its input was broadcast.</summary>
    private static Value? Fit(GraphBuilder graph, Value dy, TapeEntry entry, int input)
    {
        var target = entry.Inputs[input].Shape;
        if (!entry.Needs[input] || dy.Shape.SequenceEqual(target))
        {
            return dy;
        }

        var summed = graph.ReduceSum(dy, Shapes.BroadcastAxes(dy.Shape, target));
        return summed.Shape.SequenceEqual(target) ? summed : graph.Reshape(summed, target);
    }

    private static Value OneMinus(GraphBuilder graph, Value x) => graph.Sub(graph.Scalar(1), x);

    private static Value SwapLast(GraphBuilder graph, Value x)
    {
        var order = Enumerable.Range(0, x.Rank).ToArray();
        (order[^1], order[^2]) = (order[^2], order[^1]);
        return graph.Transpose(x, order);
    }

    private static int[] Inverse(int[] order)
    {
        var inverse = new int[order.Length];
        for (var i = 0; i < order.Length; i++)
        {
            inverse[order[i]] = i;
        }

        return inverse;
    }
}
