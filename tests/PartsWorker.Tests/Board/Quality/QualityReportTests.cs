using PartsWorker.Board.Quality;

namespace PartsWorker.Tests.Board.Quality;

public sealed class QualityReportTests
{
    private static readonly DateOnly Day = new(2026, 11, 28);

    [Fact]
    public void Shares_weigh_days_by_their_parts_and_days_that_are_not_read_yet_stay_open()
    {
        var report = new QualityReport(new QualityFilter(Day, 3, null, null, null));
        report.Set(new QualityDay(Day, [new("nut", 90, 81), new(null, 10, 3)]));
        report.Set(new QualityDay(Day.AddDays(-1), [new("nut", 300, 276)]));

        Assert.Equal((400, 0.025, 0.9), (report.Parts, report.UnknownShare, report.MeanConfidence));
        Assert.Null(report.Days[0]);
        Assert.Equal([null, 0d, 0.1], report.Days.Select(day => day?.UnknownShare));
        Assert.Null(report.Accuracy);
    }

    [Fact]
    public void The_drift_of_a_day_that_is_read_again_replaces_what_was_read_before()
    {
        var report = new QualityReport(new QualityFilter(Day, 2, null, null, null));
        report.Add([Drift(Day, 1)], Day);
        report.Add([Drift(Day.AddDays(-1), 2)], Day.AddDays(-1));
        report.Add([Drift(Day, 3)], Day);

        Assert.Equal([2L, 3L], report.Drift.Select(row => row.Parts));
    }

    [Fact]
    public void The_class_mix_sums_up_what_is_not_among_the_most_frequent_classes()
    {
        var many = Enumerable.Range(0, 10).Select(i => new ClassCount($"class {i}", 100 - i, 0)).Append(new(null, 45, 0)).ToArray();

        var mix = ClassMix.Of([new QualityDay(Day, many), new QualityDay(Day.AddDays(1), [])]);

        Assert.Equal([.. Enumerable.Range(0, 8).Select(i => $"class {i}"), "all other classes", "unknown"], mix.Select(row => row.Name));
        Assert.Equal(1, mix.Sum(row => row.Shares[0]), 9);
        Assert.Equal(183 / 1000.0, mix[8].Shares[0], 9);
        Assert.All(mix, row => Assert.Equal(0, row.Shares[1]));
    }

    [Fact]
    public void The_matrix_has_the_classes_of_the_mistakes_and_counts_their_correct_answers_too()
    {
        var matrix = new ConfusionMatrix(
            [new("nut", "nut", 50), new("washer", "nut", 9), new(null, "bolt", 4), new("cap", "cap", 3), new("nut", null, 1)]);

        Assert.Equal([("washer", "nut"), (null, "bolt"), ("nut", null)], matrix.Mistakes.Select(pair => (pair.Answered, pair.Reviewed)));
        Assert.Equal(["bolt", "nut", "washer", null], matrix.Classes);
        Assert.Equal((50, 9, 0), (matrix.Cell("nut", "nut"), matrix.Cell("washer", "nut"), matrix.Cell("nut", "washer")));
    }

    [Fact]
    public void Mistakes_that_are_not_listed_are_counted()
    {
        var matrix = new ConfusionMatrix([.. Enumerable.Range(0, 25).Select(i => new ConfusionPair($"a {i}", $"b {i}", 2))]);

        Assert.Equal((20, 10), (matrix.Mistakes.Count, matrix.OtherMistakes));
        Assert.Equal(12, matrix.Classes.Count);
    }

    private static CameraDrift Drift(DateOnly day, long parts) => new(day, "A", "cam-1", parts, 0, 1, day.AddDays(-7), 0, 1, 0);
}
