using PartsWorker.Trainer.Autodiff;
using PartsWorker.Trainer.Graph;

namespace PartsWorker.Trainer.Losses;

/// <summary>Cross entropy with label smoothing, from operators that every execution provider supports.</summary>
internal static class CrossEntropy
{
    /// <summary>
    /// Mean loss [1,1] of logits [N,C] for label rows that sum to one; smoothing spreads its share over all classes.
    /// </summary>
    public static Value Mean(Ops ops, Value logits, Value labels, float smoothing)
    {
        var graph = ops.Graph;
        var classes = logits.Shape[1];
        var target = smoothing == 0 ? labels : graph.Add(graph.Scale(labels, 1 - smoothing), graph.Scalar(smoothing / classes));
        return ops.Scale(ops.Sum(ops.Mul(ops.LogSoftmax(logits, 1), target), 0, 1), -1f / logits.Batch);
    }

    /// <summary>Number of rows whose largest value is at the label; shape [1].</summary>
    public static Value Correct(GraphBuilder graph, Value scores, Value labels)
    {
        var hits = graph.Cast(graph.Equal(graph.ArgMax(scores, 1), labels), ElementType.Float);
        return graph.ReduceSum(hits, [0]);
    }
}
