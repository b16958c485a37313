using PartsWorker.Trainer.Quantization;

namespace PartsWorker.Trainer.Tests.Quantization;

public sealed class TensorRangeTests
{
    [Fact]
    public void All_values_are_inside_and_zero_is_exact()
    {
        var grid = RangeOf([-1, 0, 3]).Choose(RangeMethod.MinMax);
        Assert.Equal(4f / 255, grid.Scale, 1e-6);
        Assert.Equal(64, grid.Zero);
    }

    [Fact]
    public void Values_without_negative_ones_start_at_zero() => Assert.Equal(0, RangeOf([0, 2]).Choose(RangeMethod.MinMax).Zero);

    [Theory]
    [InlineData(nameof(RangeMethod.Percentile))]
    [InlineData(nameof(RangeMethod.Mse))]
    public void A_single_outlier_is_cut(string method)
    {
        float[] values = [.. Enumerable.Range(0, 1_000_000).Select(i => i / 1_000_000f), 3];
        var grid = RangeOf(values).Choose(Enum.Parse<RangeMethod>(method));
        Assert.InRange(grid.Scale * 255, 0.99f, 1.5f);
    }

    private static TensorRange RangeOf(float[] values)
    {
        var range = new TensorRange();
        range.Widen(values);
        range.Count(values);
        return range;
    }
}
