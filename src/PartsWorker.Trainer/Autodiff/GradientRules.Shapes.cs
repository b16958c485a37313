using PartsWorker.Trainer.Graph;

namespace PartsWorker.Trainer.Autodiff;

internal static partial class GradientRules
{
    /// <summary>Sums a gradient back over the axes along which its input had been repeated.</summary>
    private static Value? Fit(GraphBuilder g, Value dy, TapeEntry e, int input)
    {
        var target = e.Inputs[input].Shape;
        if (!e.Needs[input] || dy.Shape.SequenceEqual(target))
        {
            return dy;
        }

        var summed = g.ReduceSum(dy, Shapes.BroadcastAxes(dy.Shape, target));
        return summed.Shape.SequenceEqual(target) ? summed : g.Reshape(summed, target);
    }

    private static Value OneMinus(GraphBuilder g, Value x) => g.Sub(g.Scalar(1), x);

    private static Value SwapLast(GraphBuilder g, Value x)
    {
        var order = Enumerable.Range(0, x.Rank).ToArray();
        (order[^1], order[^2]) = (order[^2], order[^1]);
        return g.Transpose(x, order);
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
