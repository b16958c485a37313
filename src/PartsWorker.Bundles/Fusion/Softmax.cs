namespace PartsWorker.Bundles.Fusion;

/// <summary>Softmax in double precision, shifted by the largest value so that nothing overflows.</summary>
internal static class Softmax
{
    /// <summary>Fills <paramref name="probabilities"/> with softmax(<paramref name="values"/>).</summary>
    public static void Fill(ReadOnlySpan<double> values, Span<double> probabilities)
    {
        var max = double.NegativeInfinity;
        foreach (var value in values)
        {
            max = Math.Max(max, value);
        }

        double sum = 0;
        for (var i = 0; i < values.Length; i++)
        {
            probabilities[i] = Math.Exp(values[i] - max);
            sum += probabilities[i];
        }

        foreach (ref var probability in probabilities)
        {
            probability /= sum;
        }
    }

    /// <summary>Fills <paramref name="result"/> with log-softmax(logits / temperature).</summary>
    public static void FillLog(ReadOnlySpan<float> logits, double temperature, Span<double> result)
    {
        var max = (double)Max(logits);
        double sum = 0;
        for (var i = 0; i < logits.Length; i++)
        {
            result[i] = (logits[i] - max) / temperature;
            sum += Math.Exp(result[i]);
        }

        var logSum = Math.Log(sum);
        foreach (ref var value in result)
        {
            value -= logSum;
        }
    }

    /// <summary>The expected log probability, <c>sum exp(l) * l</c>: the negative entropy.</summary>
    public static double Expected(ReadOnlySpan<double> logProbabilities)
    {
        double sum = 0;
        foreach (var l in logProbabilities)
        {
            sum += Math.Exp(l) * l;
        }

        return sum;
    }

    /// <summary>The index of the largest value; ties go to the lower index.</summary>
    public static int ArgMax(ReadOnlySpan<double> values)
    {
        var best = 0;
        for (var i = 1; i < values.Length; i++)
        {
            best = values[i] > values[best] ? i : best;
        }

        return best;
    }

    private static float Max(ReadOnlySpan<float> values)
    {
        var max = float.NegativeInfinity;
        foreach (var value in values)
        {
            max = Math.Max(max, value);
        }

        return max;
    }
}
