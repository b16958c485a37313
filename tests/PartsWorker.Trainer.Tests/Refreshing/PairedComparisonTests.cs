using PartsWorker.Trainer.Evaluation;
using PartsWorker.Trainer.Refreshing;
using PartsWorker.Trainer.Tests.Evaluation;

namespace PartsWorker.Trainer.Tests.Refreshing;

public class PairedComparisonTests
{
    private static readonly string[] Classes = ["bolt", "nut", "hook"];

    [Theory]
    [InlineData(5, 0, false)]
    [InlineData(6, 0, true)]
    [InlineData(8, 1, true)]
    [InlineData(7, 1, false)]
    [InlineData(20, 9, false)]
    [InlineData(21, 8, true)]
    public void The_interval_is_above_zero_where_the_exact_McNemar_test_rejects_equality(int gains, int losses, bool above)
    {
        var compared = Some.Comparison(100, gains, losses);
        Assert.Equal(above, compared.Low > 0);
        Assert.Equal((gains - losses) / 100.0, compared.Difference, 12);
        Assert.InRange(compared.Difference, compared.Low, compared.High);
    }

    [Fact]
    public void Equal_answers_have_no_difference_and_no_interval()
    {
        var compared = Some.Comparison(50, 0, 0);
        Assert.Equal((0, 0, 0), (compared.Low, compared.Difference, compared.High));
    }

    [Fact]
    public void Gains_and_losses_are_mirror_images()
    {
        var (up, down) = (Some.Comparison(80, 9, 2), Some.Comparison(80, 2, 9));
        Assert.Equal(up.Low, -down.High, 9);
        Assert.Equal(up.High, -down.Low, 9);
    }

    [Fact]
    public void Images_are_paired_by_their_path_and_an_image_of_one_bundle_alone_is_left_out()
    {
        ClassifiedImage[] serving = [Answer("a", 0, 1), Answer("b", 1, 1), Answer("c", 2, 2), Answer("only-serving", 0, 0)];
        ClassifiedImage[] candidate = [Answer("b", 1, 0), Answer("a", 0, 0), Answer("c", 2, 2)];
        var compared = PairedComparison.Of(serving, candidate, Classes);
        Assert.Equal((3, 1, 1), (compared.Images, compared.Gains, compared.Losses));
    }

    [Fact]
    public void Classes_are_listed_with_the_worst_loss_first_and_without_unchanged_ones()
    {
        ClassifiedImage[] serving =
        [
            Answer("1", 0, 1), Answer("2", 1, 1), Answer("3", 1, 1), Answer("4", 2, 2), Answer("5", 0, 0),
        ];
        ClassifiedImage[] candidate =
        [
            Answer("1", 0, 0), Answer("2", 1, 0), Answer("3", 1, 2), Answer("4", 2, 2), Answer("5", 0, 0),
        ];
        Assert.Equal(
            [new("nut", 2, 2, 0), new("bolt", 2, 1, 2)], PairedComparison.Of(serving, candidate, Classes).Changes);
    }

    [Fact]
    public void Unknown_answers_and_the_calibration_error_are_measured_per_bundle()
    {
        ClassifiedImage[] serving = [Answer("1", 0, 0), SomeAnswers.Of(0, 0, 0.4, accepted: false, path: "2")];
        var compared = PairedComparison.Of(serving, [Answer("1", 0, 0), Answer("2", 0, 0)], Classes);
        Assert.Equal((0.5, 0), (compared.Serving.UnknownRate, compared.Candidate.UnknownRate));
        Assert.Equal(0.35, compared.Serving.Ece, 6);
        Assert.Equal(0.1, compared.Candidate.Ece, 6);
    }

    private static ClassifiedImage Answer(string path, int trueClass, int answer) => SomeAnswers.Of(trueClass, answer, 0.9, path: path);
}
