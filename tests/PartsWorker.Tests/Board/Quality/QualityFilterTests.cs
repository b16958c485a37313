using Microsoft.AspNetCore.WebUtilities;
using PartsWorker.Board.Quality;

namespace PartsWorker.Tests.Board.Quality;

public sealed class QualityFilterTests
{
    private static readonly DateOnly Today = new(2026, 11, 28);

    [Fact]
    public void An_address_without_a_query_means_the_last_fourteen_days()
    {
        var filter = QualityFilter.Parse(null, null, null, "", null, Today);

        Assert.Equal(new QualityFilter(Today, 14, null, null, null), filter);
        Assert.Equal(new DateTimeOffset(2026, 11, 15, 0, 0, 0, TimeSpan.Zero), filter.From);
        Assert.Equal(new DateTimeOffset(2026, 11, 29, 0, 0, 0, TimeSpan.Zero), filter.Until);
        Assert.Equal([Today, Today.AddDays(-1)], filter.NewestFirst.Take(2));
    }

    [Fact]
    public void The_address_of_a_filter_leads_back_to_it()
    {
        var filter = new QualityFilter(Today, 7, "line & 1", "cam#3", "parts@2");

        var query = QueryHelpers.ParseQuery(filter.Url().Split('?')[1]);

        Assert.Equal(filter, QualityFilter.Parse(query["days"], query["to"], query["line"], query["camera"], query["model"], default));
    }

    [Fact]
    public void A_day_links_to_its_images_until_the_next_midnight() => Assert.Equal(
        "find?from=2026-11-01T00:00:00Z&to=2026-11-02T00:00:00Z&line=A%2F1",
        new QualityFilter(Today, 14, "A/1", null, null).FindUrl(new DateOnly(2026, 11, 1)));

    [Theory]
    [InlineData("0", null, "'0' is not a number of days. Choose 1 to 92.")]
    [InlineData("93", null, "'93' is not a number of days. Choose 1 to 92.")]
    [InlineData("-1", null, "'-1' is not a number of days. Choose 1 to 92.")]
    [InlineData("many", null, "'many' is not a number of days. Choose 1 to 92.")]
    [InlineData(null, "28.11.2026", "'28.11.2026' is not a day. Write the last day as yyyy-MM-dd.")]
    [InlineData(null, "0001-01-01", "'0001-01-01' is not a day that images have. Choose a day after 1970.")]
    public void A_wrong_value_is_refused_with_one_line(string? days, string? to, string line) => Assert.Equal(
        line, Assert.Throws<UserErrorException>(() => QualityFilter.Parse(days, to, null, null, null, Today)).Message);
}
