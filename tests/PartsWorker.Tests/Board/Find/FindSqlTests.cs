using PartsWorker.Board.Find;

namespace PartsWorker.Tests.Board.Find;

public class FindSqlTests
{
    private static readonly DateTimeOffset Day = new(2026, 11, 28, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Without_a_filter_nothing_but_order_and_limit_remains()
    {
        var (sql, values) = FindSql.Grid(new FindFilter(), null, null, 60);

        Assert.Contains(
            "FROM latest_classification AS c\nORDER BY c.captured_at DESC, c.image_id DESC\nLIMIT $1",
            sql, StringComparison.Ordinal);
        Assert.Equal([60], values);
    }

    [Fact]
    public void A_named_model_shows_its_shadow_rows_too()
    {
        var (sql, _) = FindSql.Grid(new FindFilter { Model = "parts@2" }, null, null, 60);

        Assert.Contains("c.shadow\nFROM classifications AS c\nWHERE c.model = $1", sql, StringComparison.Ordinal);
    }

    [Fact]
    public void Values_are_parameters_and_never_text()
    {
        const string hostile = "'; DROP TABLE images; --";

        var (sql, values) = FindSql.Grid(
            new FindFilter { Class = hostile, Line = hostile, Reviewed = hostile, Attribute = (hostile, hostile), Model = hostile },
            Day, Day.AddDays(1), 60);

        Assert.DoesNotContain("DROP", sql, StringComparison.Ordinal);
        Assert.Equal(6, values.Count(value => value is hostile));
    }

    [Theory]
    [InlineData("?doubt=any", true)]
    [InlineData("?decision=unknown", true)]
    [InlineData("?max=0.79", true)]
    [InlineData("?max=0.8", false)]
    [InlineData("?decision=accepted&min=0.1", false)]
    public void A_filter_that_implies_doubt_can_use_the_index_of_doubtful_rows(string query, bool expected) => Assert.Equal(
        expected, FindSql.Grid(FindUrl.Parse(query), Day, null, 60).Sql.Contains("c.doubt IS NOT NULL", StringComparison.Ordinal));

    [Fact]
    public void A_further_page_bounds_the_time_by_itself_so_that_months_are_excluded()
    {
        var (sql, values) = FindSql.Grid(new FindFilter { Before = new(Day, Guid.Empty) }, null, null, 60);

        Assert.Contains("c.captured_at <= $1\n  AND (c.captured_at, c.image_id) < ($1, $2)", sql, StringComparison.Ordinal);
        Assert.Equal([Day, Guid.Empty, 60], values);
    }

    [Fact]
    public void The_text_for_people_has_every_parameter_quoted()
    {
        var (sql, values) = FindSql.Grid(
            new FindFilter { Class = @"O'Ring \ $1 <b>", MinConfidence = 0.8f, MaxConfidence = 0.9f, ImageId = Guid.Empty },
            Day.AddTicks(10), null, 60);

        var text = SqlStatement.Fill(sql, values);

        Assert.Contains("c.captured_at >= timestamptz '2026-11-28 00:00:00.000001+00'", text, StringComparison.Ordinal);
        Assert.Contains(@"c.class = E'O''Ring \\ $1 <b>'", text, StringComparison.Ordinal);
        Assert.Contains("c.confidence >= real '0.8'", text, StringComparison.Ordinal);
        Assert.Contains("c.confidence <= real '0.9'", text, StringComparison.Ordinal);
        Assert.Contains("c.image_id = uuid '00000000-0000-0000-0000-000000000000'", text, StringComparison.Ordinal);
        Assert.EndsWith("LIMIT 60", text, StringComparison.Ordinal);
    }
}
