using PartsWorker.Board.Find;

namespace PartsWorker.Tests.Board.Find;

public class FindUrlTests
{
    private const string Id = "29635388-5b45-5d26-9cf7-d627cac57f72";

    [Fact]
    public void Every_key_reaches_the_filter()
    {
        var filter = FindUrl.Parse(
            "?from=2026-11-27T06:00&to=2026-11-28T06:00:00%2B01:00&line=A&camera=cam-1&class=Bolt%20M8&color=red&shape=round"
            + $"&decision=accepted&doubt=low%20confidence&reviewed=*&min=0.25&max=0.8&model=parts@2&attribute=order=40=27&imageId={Id}"
            + $"&before=2026-11-27T12:00:00.000001Z_{Id}");

        Assert.Equal(
            new FindFilter
            {
                From = new(2026, 11, 27, 6, 0, 0, TimeSpan.Zero), To = new(2026, 11, 28, 5, 0, 0, TimeSpan.Zero), Line = "A",
                Camera = "cam-1", Class = "Bolt M8", Color = "red", Shape = "round",
                Decision = "accepted", Doubt = "low confidence", Reviewed = "*",
                MinConfidence = 0.25f, MaxConfidence = 0.8f, Model = "parts@2", Attribute = ("order", "40=27"), ImageId = Guid.Parse(Id),
                Before = new(new DateTimeOffset(2026, 11, 27, 12, 0, 0, TimeSpan.Zero).AddTicks(10), Guid.Parse(Id)),
            },
            filter);
    }

    [Fact]
    public void Nothing_and_empty_values_mean_any()
    {
        Assert.Equal(new FindFilter(), FindUrl.Parse(""));
        Assert.Equal(new FindFilter(), FindUrl.Parse("?line=&min=&time="));
    }

    [Theory]
    [InlineData("?imageId=1", "imageId is \"1\"")]
    [InlineData("?imageId=../../etc/passwd", "imageId is")]
    [InlineData("?from=yesterday", "from is \"yesterday\"")]
    [InlineData("?from=20", "from is \"20\"")]
    [InlineData("?to=99999-01-01T00:00", "to is")]
    [InlineData("?from=2026-11-28&to=2026-11-27", "from is not before to")]
    [InlineData("?time=1h&from=2026-11-28T00:00", "give one of them")]
    [InlineData("?time=2h", "one of: 1h, today, yesterday, 7d")]
    [InlineData("?min=1e-3", "min is")]
    [InlineData("?min=1.5", "a confidence from 0 to 1")]
    [InlineData("?max=NaN", "max is")]
    [InlineData("?max=-0.1", "max is")]
    [InlineData("?max=99999999999999999999999999999999999999999999999999", "max is")]
    [InlineData("?min=0.9&max=0.1", "min is above max")]
    [InlineData("?decision=maybe", "one of: accepted, unknown")]
    [InlineData("?doubt=x", "one of: any, unknown, low confidence, stages disagree")]
    [InlineData("?attribute=order", "key=value")]
    [InlineData("?attribute==4027", "key=value")]
    [InlineData("?before=now", "before is")]
    [InlineData("?before=2026-11-27T12:00:00Z_1", "imageId is")]
    [InlineData("?lin=A", "no key \"lin\"")]
    [InlineData("?line=A&line=B", "line 2 times")]
    [InlineData("?class=a%00b", "control characters: \"a?b\"")]
    public void What_cannot_be_understood_is_one_line(string query, string expected)
    {
        var error = Assert.Throws<UserErrorException>(() => FindUrl.Parse(query));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void A_huge_value_is_refused_and_not_repeated()
    {
        var error = Assert.Throws<UserErrorException>(() => FindUrl.Parse("?class=" + new string('x', 10_000)));

        Assert.InRange(error.Message.Length, 1, 200);
    }

    [Fact]
    public void A_link_carries_the_same_filter()
    {
        const string query = "?time=1h&class=%3Cb%3E%26%22%C3%A4%2B&attribute=a%3Db%26c";

        var link = FindUrl.Link("find", FindUrl.Values(query));

        Assert.Equal(FindUrl.Parse(query), FindUrl.Parse(new Uri("http://board/" + link).Query));
        Assert.Equal("<b>&\"ä+", FindUrl.Parse(query).Class);
    }

    [Theory]
    [InlineData("1h", "2026-11-28T04:30:00Z", null)]
    [InlineData("today", "2026-11-28T00:00:00Z", null)]
    [InlineData("yesterday", "2026-11-27T00:00:00Z", "2026-11-28T00:00:00Z")]
    [InlineData("7d", "2026-11-21T05:30:00Z", null)]
    public void Quick_times_are_windows_of_utc(string time, string from, string? to)
    {
        var now = new DateTimeOffset(2026, 11, 28, 6, 30, 0, TimeSpan.FromHours(1));

        var window = FindUrl.Parse($"?time={time}").Window(now);

        Assert.Equal((from, to), (FindUrl.Text(window.From!.Value), window.To is { } end ? FindUrl.Text(end) : null));
    }
}
