using PartsWorker.Trainer.Evaluation;

namespace PartsWorker.Trainer.Tests.Evaluation;

public sealed class MeasuresTests
{
    [Fact]
    public void Calibration_error_is_the_weighted_gap_between_confidence_and_accuracy()
    {
        (double, bool)[] answers = [(0.95, true), (0.95, true), (0.95, false), (0.95, false), (0.55, true), (0.55, false)];
        Assert.Equal(((4 * 0.45) + (2 * 0.05)) / 6, Measures.CalibrationError(answers), 6);
        Assert.Equal([8, 14], Measures.Bins(answers).Select(b => b.Number));
    }

    [Fact]
    public void Area_under_the_curve_counts_pairs_in_the_right_order()
    {
        Assert.Equal(1, Measures.AreaUnderRoc([0.8, 0.9], [0.1, 0.2]));
        Assert.Equal(0.5, Measures.AreaUnderRoc([0.5, 0.5], [0.5]));
        Assert.Equal(5 / 6.0, Measures.AreaUnderRoc([0.9, 0.4, 0.6], [0.5, 0.1])!.Value, 6);
        Assert.Null(Measures.AreaUnderRoc([], [1]));
    }
}
