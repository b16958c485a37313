using PartsWorker.Comparing;

namespace PartsWorker.Tests.Comparing;

public sealed class PrecisionDiffTests
{
    [Fact]
    public void Answers_are_counted_like_those_of_two_models()
    {
        PrecisionAnswers[] answers =
        [
            Answers("hook", 0.9, "hook", 0.8, reviewed: true, review: "hook"),
            Answers("hook", 0.6, "nut", 0.5, reviewed: true, review: "nut"),
            Answers("hook", 0.9, "nut", 0.7),
            Answers("nut", 0.5, null, 0.4, reviewed: true, review: null),
        ];
        var window = (DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddDays(1));
        var diff = PrecisionDiff.Of(("parts@1:fp32", "parts@1:int8"), window, answers, examples: 1);
        Assert.Equal((4, 1, 0, 1), (diff.Totals.Images, diff.Totals.Agreeing, diff.Totals.UnknownA, diff.Totals.UnknownB));
        Assert.Equal((3, 1, 3), (diff.Totals.Reviewed, diff.Totals.RightA, diff.Totals.RightB));
        Assert.Equal((0.725, 0.6), (diff.Totals.ConfidenceA, diff.Totals.ConfidenceB));
        Assert.Equal([("hook", "nut", 2L), ("nut", null, 1L)], diff.Changes.Select(c => (c.From!, c.To, c.Images)));
        Assert.Same(answers[2].Example, Assert.Single(diff.Examples));
    }

    [Fact]
    public void No_images_are_an_empty_diff() =>
        Assert.Equal(0, PrecisionDiff.Of(("a@1:fp32", "a@1:int8"), default, [], examples: 1).Totals.Images);

    private static PrecisionAnswers Answers(
        string? classA, double confidenceA, string? classB, double confidenceB, bool reviewed = false, string? review = null) =>
        new(new(Guid.NewGuid(), "file:///x.jpg", classA, confidenceA, classB, confidenceB), reviewed, review);
}
