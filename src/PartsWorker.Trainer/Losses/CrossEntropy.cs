using PartsWorker.Trainer.Autodiff;
using PartsWorker.Trainer.Graph;

namespace PartsWorker.Trainer.Losses;

/// <summary>Cross entropy with label smoothing, from operators that every provider has.</summary>
internal static class CrossEntropy
{
    /// <summary>
    /// Mean loss [1,1] of logits [N,C] against label rows that sum to one; smoothing spreads that share over all classes.
    /// </summary>
    public static Value Mean(Ops o, Value logits, Value labels, float smoothing)
    {
        var g = o.Graph;
        var classes = logits.Shape[1];
        var target = smoothing == 0 ? labels : g.Add(g.Scale(labels, 1 - smoothing), g.Scalar(smoothing / classes));
        return o.Scale(o.Sum(o.Mul(o.LogSoftmax(logits, 1), target), 0, 1), -1f / logits.Batch);
    }

    /// <summary>How many rows have their largest value at the label; [1].</summary>
    public static Value Correct(GraphBuilder g, Value scores, Value labels)
    {
        var hits = g.Cast(g.Equal(g.ArgMax(scores, 1), labels), ElementType.Float);
        return g.ReduceSum(hits, [0]);
    }
}
