namespace PartsWorker.Client.Tests.Results;

public sealed class SubscriberOptionsTests
{
    [Theory]
    [InlineData("#", null, null)]
    [InlineData("*", null, null)]
    [InlineData(null, "cam.3", null)]
    [InlineData(null, "", null)]
    [InlineData(null, null, "rejected")]
    public void A_filter_that_would_match_something_else_is_refused(string? line, string? camera, string? decision)
    {
        var options = new SubscriberOptions { ConnectionString = "amqp://host/", Line = line, Camera = camera, Decision = decision };

        Assert.Contains("SubscriberOptions.", Assert.Throws<ArgumentException>(options.Validate).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2001)]
    public void A_prefetch_out_of_its_range_is_refused(int prefetch) =>
        Assert.Throws<ArgumentException>(new SubscriberOptions { ConnectionString = "amqp://host/", Prefetch = prefetch }.Validate);
}
