using PartsWorker.Board.Review;

namespace PartsWorker.Tests.Board.Review;

public sealed class ReviewFilterTests
{
    [Fact]
    public void A_filter_survives_the_address_of_the_page()
    {
        var filter = new ReviewFilter
        {
            Line = "A & B", Camera = "cam-1", Class = "<b>Plum</b>", Reason = "stages disagree", Model = "parts@1",
            From = new(2026, 11, 20, 6, 0, 0, TimeSpan.Zero), To = new(2026, 11, 20, 14, 30, 0, TimeSpan.Zero),
        };
        var query = filter.ToQuery();

        var (parsed, problem) = ReviewFilter.Parse(name => (string?)query[name]);

        Assert.Null(problem);
        Assert.Equal(filter, parsed);
    }

    [Theory]
    [InlineData("from", "yesterday", "'from' is not a time: yesterday")]
    [InlineData("reason", "boredom", "There is no reason 'boredom'")]
    public void A_value_that_cannot_be_read_gives_one_line_and_is_left_out(string name, string value, string line)
    {
        var (filter, problem) = ReviewFilter.Parse(asked => asked == name ? value : null);

        Assert.Contains(line, problem, StringComparison.Ordinal);
        Assert.Equal(new ReviewFilter(), filter);
    }

    [Fact]
    public void A_time_that_ends_before_it_starts_gives_one_line()
    {
        var (_, problem) = ReviewFilter.Parse(name => name switch { "from" => "2026-11-20T14:00", "to" => "2026-11-20T06:00", _ => null });

        Assert.Equal("The end of the time is not after its start.", problem);
    }

    [Fact]
    public void Values_reach_the_statement_as_parameters_only()
    {
        var (sql, values) = new ReviewFilter { Line = "'; DROP TABLE reviews", Reason = "unknown" }.ToSql();

        Assert.Equal("n.line = $1 AND n.reason = $2", sql);
        Assert.Equal(["'; DROP TABLE reviews", "unknown"], values);
    }

    [Theory]
    [InlineData("[]", 0)]
    [InlineData("{}", 0)]
    [InlineData("""[{"class":"Plum","confidence":0.5},{"confidence":1},7]""", 1)]
    public void Candidates_of_other_writers_are_read_as_far_as_they_have_a_class(string top5, int count) =>
        Assert.Equal(count, ReviewQueries.Candidates(top5).Count);
}
