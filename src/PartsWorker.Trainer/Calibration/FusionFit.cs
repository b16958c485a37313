using PartsWorker.Bundles.Bundle;
using PartsWorker.Trainer.Evaluation;

namespace PartsWorker.Trainer.Calibration;

/// <summary>
/// Fits the fusion constants by minimizing the negative log likelihood of validation images, which must not be in the gallery. The answer
/// depends only on T1, wc/Tc and ws/Ts, so these three are searched (as logarithms, from several starting points). Tc and Ts are the
/// best temperatures of each head, which calibrates its confidence.
/// </summary>
internal sealed class FusionFit(LabelSet labels, int[] galleryClasses, IReadOnlyList<ImageOutputs> validation)
{
    private const double MinimumProbability = 1e-6;
    private static readonly double[][] StartingPoints =
    [
        [Math.Log(0.04), Math.Log(0.4), Math.Log(0.3)],
        [Math.Log(0.1), Math.Log(1), Math.Log(1)],
        [Math.Log(0.07), Math.Log(0.1), Math.Log(0.1)],
    ];

    /// <summary>The best constants of each rule, best rule first.</summary>
    public IReadOnlyList<FittedFusion> FitAll(IEnumerable<string> rules) => [.. rules.Select(Fit).OrderBy(f => f.Nll)];

    public FittedFusion Fit(string rule)
    {
        var tc = HeadTemperature(p => p.ColorLogits, c => c.Color);
        var ts = HeadTemperature(p => p.ShapeLogits, c => c.Shape);
        FusionConstants Constants(double[] x) =>
            new() { Rule = rule, T1 = Math.Exp(x[0]), Tc = tc, Ts = ts, Wc = Math.Exp(x[1]) * tc, Ws = Math.Exp(x[2]) * ts };
        var best = StartingPoints.Select(start => NelderMead.Minimize(x => Nll(Constants(x)), start)).MinBy(r => r.Cost);
        return new(Constants(best.Point), best.Cost);
    }

    private double Nll(FusionConstants constants)
    {
        // Extreme values would only fit rounding errors.
        if (constants.T1 is < 1e-3 or > 10 || constants.Wc > 100 || constants.Ws > 100)
        {
            return double.PositiveInfinity;
        }

        var evaluator = new Evaluator(constants, new(), labels, galleryClasses);
        return validation.AsParallel().Average(p => -Math.Log(Math.Max(evaluator.Classify(p).TrueProbability, MinimumProbability)));
    }

    private double HeadTemperature(Func<ImageOutputs, float[]> logits, Func<PartClass, int> label)
    {
        double Cost(double[] x) => validation.Average(p => CrossEntropy(logits(p), label(labels.Classes[p.ClassId]), Math.Exp(x[0])));
        return Math.Exp(Math.Clamp(NelderMead.Minimize(Cost, [0]).Point[0], Math.Log(0.05), Math.Log(20)));
    }

    private static double CrossEntropy(float[] logits, int truth, double temperature)
    {
        var max = logits.Max();
        return Math.Log(logits.Sum(l => Math.Exp((l - max) / temperature))) - ((logits[truth] - max) / temperature);
    }
}

/// <summary>Constants of one rule and their negative log likelihood on validation.</summary>
internal sealed record FittedFusion(FusionConstants Constants, double Nll);
