namespace PartsWorker.Bundles.Fusion;

/// <summary>A head's logits as log probabilities at its temperature.</summary>
internal static class LogSoftmax
{
    /// <summary>Fills <paramref name="result"/> with log-softmax(logits / temperature) and returns the index of the largest logit (ties: lower).</summary>
    public static int Compute(ReadOnlySpan<float> logits, double temperature, Span<double> result)
    {
        var best = 0;
        for (var i = 1; i < logits.Length; i++)
        {
            best = logits[i] > logits[best] ? i : best;
        }

        double sum = 0;
        for (var i = 0; i < logits.Length; i++)
        {
            result[i] = ((double)logits[i] - logits[best]) / temperature;
            sum += Math.Exp(result[i]);
        }

        var logSum = Math.Log(sum);
        for (var i = 0; i < logits.Length; i++)
        {
            result[i] -= logSum;
        }

        return best;
    }
}
