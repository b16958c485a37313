using PartsWorker.Bundles.Bundle;
using PartsWorker.Trainer.Calibration;
using PartsWorker.Trainer.Evaluation;
using PartsWorker.Trainer.Tests.Data;

namespace PartsWorker.Trainer.Tests.Calibration;

public sealed class FusionFitTests
{
    private static readonly LabelSet Labels = SomeData.Labels("a", "b", "c", "d");
    private static readonly int[] Gallery = [0, 1, 2, 3];

    [Fact]
    public void The_simplex_finds_the_minimum_of_the_Rosenbrock_function()
    {
        var (point, cost) = NelderMead.Minimize(p => Math.Pow(1 - p[0], 2) + (100 * Math.Pow(p[1] - (p[0] * p[0]), 2)), [-1.2, 1]);
        Assert.Equal(0, cost, 5);
        Assert.Equal([1, 1], point.Select(x => Math.Round(x, 2)));
    }

    [Theory]
    [InlineData(EvidenceRules.MaxHit)]
    [InlineData(EvidenceRules.AllHits)]
    public void Fitted_confidence_is_calibrated_and_raw_confidence_is_not(string rule)
    {
        var images = Images(800);
        var overconfident = new FusionConstants { Rule = rule, T1 = 0.01, Tc = 0.1, Ts = 0.1, Wc = 1, Ws = 1 };
        var fitted = new FusionFit(Labels, Gallery, images).Fit(rule);
        Assert.True(Measure(overconfident, images).Ece > 0.15);
        Assert.True(Measure(fitted.Constants, images).Ece < 0.06);
        Assert.Equal(fitted.Nll, Measure(fitted.Constants, images).Nll, 6);
    }

    [Fact]
    public void A_head_with_random_outputs_gets_almost_no_weight()
    {
        var dice = new Dice(2);
        var images = Images(600).ConvertAll(
            p => p with { ColorLogits = [dice.Normal(), dice.Normal()], ShapeLogits = [dice.Normal(), dice.Normal()] });
        var constants = new FusionFit(Labels, Gallery, images).Fit(EvidenceRules.MaxHit).Constants;
        Assert.True(constants.Wc / constants.Tc < 0.15);
    }

    [Fact]
    public void The_threshold_gives_the_target_accuracy()
    {
        var classified = Measure(new FusionFit(Labels, Gallery, Images(800)).Fit(EvidenceRules.MaxHit).Constants, Images(800)).Answers;
        var threshold = ThresholdChoice.Choose(classified, 0.9).Confidence;
        var accepted = classified.Where(c => c.Verdict.Confidence >= threshold).ToArray();
        Assert.InRange(threshold, 0.3, 0.95);
        Assert.True(accepted.Count(c => c.Right) >= 0.89 * accepted.Length);
    }

    private static EvaluationResult Measure(FusionConstants constants, List<ImageOutputs> images) =>
        new Evaluator(constants, new(), Labels, Gallery).Evaluate("some", images);

    /// <summary>The true class is a little more similar than the others; the heads see color and shape through noise.</summary>
    private static List<ImageOutputs> Images(int count)
    {
        var dice = new Dice(1);
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            var truth = Labels.Classes[i % 4];
            var scores = Gallery.Select(c => (Row: c, Score: (c == truth.Id ? 0.1f : 0) + (0.1f * dice.Normal())))
                .OrderByDescending(h => h.Score)
                .ToArray();
            return new ImageOutputs
            {
                Path = $"{i}",
                ClassId = truth.Id,
                Embedding = [],
                Scores = [.. scores.Select(s => s.Score)],
                Indices = [.. scores.Select(s => (long)s.Row)],
                ColorLogits = [(truth.Color == 0 ? 1 : -1) + dice.Normal(), 0],
                ShapeLogits = [(truth.Shape == 0 ? 1 : -1) + dice.Normal(), 0],
            };
        })];
    }
}
