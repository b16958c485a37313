using PartsWorker.Trainer.Checking;

namespace PartsWorker.Trainer.Tests.Checking;

public sealed class LearningCurveTests
{
    [Fact]
    public void Recall_is_the_share_of_all_choices_that_contain_a_closer_image()
    {
        var curve = new LearningCurve();
        curve.Add(rows: 4, closer: 2);
        Assert.Equal(0.5, curve.Recall(0.25), 9);
        Assert.Equal(5.0 / 6, curve.Recall(0.5), 9);
        Assert.Equal(1, curve.Recall(1), 9);
        curve.Add(rows: 4, closer: 0);
        Assert.Equal(0.5, curve.Recall(1), 9);
    }

    [Fact]
    public void A_power_law_is_continued_exactly()
    {
        static double Recall(double n) => 1 - (0.8 * Math.Pow(n, -0.5));
        var (low, estimate, high) = PowerLaw.Extrapolate([Recall(1), Recall(2), Recall(4)], growth: 2, images: 1_000_000);
        Assert.Equal(Recall(8), estimate, 9);
        Assert.InRange(high - low, 0, 0.002);
    }

    [Fact]
    public void The_range_is_wider_with_fewer_images_and_never_below_the_recall_so_far()
    {
        double[] curve = [0.5, 0.6, 0.7];
        var (few, many) = (PowerLaw.Extrapolate(curve, 2, images: 10), PowerLaw.Extrapolate(curve, 2, images: 1000));
        Assert.True(few.High > many.High);
        Assert.Equal(0.7, few.Low);
        Assert.InRange(many.Estimate, many.Low, many.High);
    }

    [Theory]
    [InlineData(0.8, 0.8, 0.8)]
    [InlineData(1, 1, 1)]
    [InlineData(0.9, 0.85, 0.8)]
    public void A_flat_or_falling_curve_promises_no_gain(double quarter, double half, double all)
    {
        var (low, estimate, high) = PowerLaw.Extrapolate([quarter, half, all], 2, 40);
        var need = new LearningNeed("bolt", 40, [quarter, half, all], 20, estimate, low, high);
        Assert.Equal(all, estimate);
        Assert.False(need.Helps);
        Assert.StartsWith("bolt: no gain expected from 20 more images", need.Text, StringComparison.Ordinal);
    }
}
