using MathNet.Numerics.LinearAlgebra;

namespace PartsWorker.Trainer.Calibration;

/// <summary>
/// Logistic regression with an L2 penalty on standardized inputs, fitted by Newton's method (iteratively reweighted least squares).
/// </summary>
internal static class LogisticFit
{
    private const int Rounds = 50;
    private const double Penalty = 1;
    private const double Converged = 1e-8;

    /// <summary>
    /// Fits weights that are not below 0: as long as one is, the input with the lowest standardized weight is left out and the others are
    /// fitted again.
    /// </summary>
    /// <param name="inputs">[samples][inputs]; a higher value of each input speaks for a positive sample.</param>
    /// <param name="positive">Label of each sample.</param>
    /// <param name="weights">Weight of each sample, 0 or more.</param>
    /// <returns>Bias and weights for inputs that are not standardized; the weight of an input that is left out is 0.</returns>
    public static (double Bias, double[] Weights) FitRising(
        IReadOnlyList<double[]> inputs, IReadOnlyList<bool> positive, IReadOnlyList<double> weights)
    {
        var (_, deviations) = Moments(inputs, weights);
        var kept = Enumerable.Range(0, deviations.Length).ToList();
        while (true)
        {
            var (bias, fitted) = Fit([.. inputs.Select(x => kept.Select(j => x[j]).ToArray())], positive, weights);
            if (fitted.All(weight => weight >= 0))
            {
                return (bias, [.. deviations.Select((_, j) => kept.IndexOf(j) is var k and >= 0 ? fitted[k] : 0)]);
            }

            kept.RemoveAt(Enumerable.Range(0, fitted.Length).MinBy(k => fitted[k] * deviations[kept[k]]));
        }
    }

    /// <param name="inputs">[samples][inputs].</param>
    /// <param name="positive">Label of each sample.</param>
    /// <param name="weights">Weight of each sample, 0 or more.</param>
    /// <returns>Bias and weights for inputs that are not standardized.</returns>
    public static (double Bias, double[] Weights) Fit(
        IReadOnlyList<double[]> inputs, IReadOnlyList<bool> positive, IReadOnlyList<double> weights)
    {
        var (means, deviations) = Moments(inputs, weights);
        var x = Matrix<double>.Build.Dense(
            inputs.Count, means.Length + 1, (i, j) => j == 0 ? 1 : (inputs[i][j - 1] - means[j - 1]) / deviations[j - 1]);
        var y = Vector<double>.Build.Dense(inputs.Count, i => positive[i] ? 1 : 0);
        var w = Vector<double>.Build.DenseOfEnumerable(weights);
        var penalty = Matrix<double>.Build.DenseDiagonal(x.ColumnCount, x.ColumnCount, j => j == 0 ? 0 : Penalty);
        var beta = Vector<double>.Build.Dense(x.ColumnCount);
        for (var round = 0; round < Rounds; round++)
        {
            var p = (x * beta).Map(z => 1 / (1 + Math.Exp(-z)));
            var gradient = x.TransposeThisAndMultiply(w.PointwiseMultiply(y - p)) - (penalty * beta);
            var curvature = w.PointwiseMultiply(p.PointwiseMultiply(1 - p));
            var weighted = Matrix<double>.Build.Dense(x.RowCount, x.ColumnCount, (i, j) => x[i, j] * curvature[i]);
            var step = (x.TransposeThisAndMultiply(weighted) + penalty).Solve(gradient);
            beta += step;
            if (step.L2Norm() < Converged)
            {
                break;
            }
        }

        double[] scaled = [.. deviations.Select((d, j) => beta[j + 1] / d)];
        return (beta[0] - scaled.Zip(means, (b, m) => b * m).Sum(), scaled);
    }

    private static (double[] Means, double[] Deviations) Moments(IReadOnlyList<double[]> inputs, IReadOnlyList<double> weights)
    {
        var total = weights.Sum();
        var means = new double[inputs[0].Length];
        var deviations = new double[means.Length];
        for (var j = 0; j < means.Length; j++)
        {
            var mean = means[j] = inputs.Zip(weights, (x, w) => w * x[j]).Sum() / total;
            var variance = inputs.Zip(weights, (x, w) => w * (x[j] - mean) * (x[j] - mean)).Sum() / total;
            deviations[j] = variance > 0 ? Math.Sqrt(variance) : 1;
        }

        return (means, deviations);
    }
}
