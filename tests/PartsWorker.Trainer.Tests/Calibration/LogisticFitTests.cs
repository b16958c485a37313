using PartsWorker.Trainer.Calibration;

namespace PartsWorker.Trainer.Tests.Calibration;

public sealed class LogisticFitTests
{
    [Fact]
    public void The_weights_that_made_the_labels_are_found_again()
    {
        var dice = new Random(1);
        double[][] inputs = [.. Enumerable.Range(0, 20_000).Select(_ => new[] { dice.NextDouble() * 4, 100 + (dice.NextDouble() * 2) })];
        bool[] labels = [.. inputs.Select(x => dice.NextDouble() < 1 / (1 + Math.Exp(-(-148 - (1.5 * x[0]) + (1.5 * x[1])))))];
        var (bias, weights) = LogisticFit.Fit(inputs, labels, [.. labels.Select(_ => 1.0)]);
        Assert.Equal(-148, bias, 10.0);
        Assert.Equal([-1.5, 1.5], weights, (a, b) => Math.Abs(a - b) < 0.1);
    }

    [Fact]
    public void A_weight_counts_like_repeated_samples_and_a_constant_input_does_no_harm()
    {
        double[][] once = [[0, 7], [1, 7], [0.4, 7], [0.6, 7]];
        bool[] labels = [false, true, true, false];
        var weighted = LogisticFit.Fit(once, labels, [1, 3, 1, 3]);
        var repeated = LogisticFit.Fit(
            [once[0], once[1], once[1], once[1], once[2], once[3], once[3], once[3]],
            [false, true, true, true, true, false, false, false],
            [1, 1, 1, 1, 1, 1, 1, 1]);
        Assert.Equal(repeated.Bias, weighted.Bias, 6);
        Assert.Equal(repeated.Weights[0], weighted.Weights[0], 6);
        Assert.Equal(0, weighted.Weights[1], 6);
    }

    [Fact]
    public void An_input_that_speaks_against_its_meaning_is_left_out_and_the_others_are_fitted_without_it()
    {
        var dice = new Random(1);
        double[][] inputs = [.. Enumerable.Range(0, 5_000).Select(_ => new[] { dice.NextDouble() * 4, dice.NextDouble() * 4 })];
        bool[] labels = [.. inputs.Select(x => dice.NextDouble() < 1 / (1 + Math.Exp(-(-1 - x[0] + (1.5 * x[1])))))];
        double[] once = [.. labels.Select(_ => 1.0)];
        var (bias, weights) = LogisticFit.FitRising(inputs, labels, once);
        var alone = LogisticFit.Fit([.. inputs.Select(x => new[] { x[1] })], labels, once);
        Assert.Equal(0, weights[0]);
        Assert.Equal(alone.Weights[0], weights[1], 9);
        Assert.Equal(alone.Bias, bias, 9);
    }

    [Fact]
    public void Where_every_input_speaks_against_its_meaning_only_the_bias_is_left()
    {
        var (bias, weights) = LogisticFit.FitRising([[0], [1], [2], [3]], [true, true, true, false], [1, 1, 1, 1]);
        Assert.Equal([0], weights);
        Assert.Equal(Math.Log(3), bias, 6);
    }
}
