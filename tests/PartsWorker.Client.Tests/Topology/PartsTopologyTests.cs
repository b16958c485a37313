namespace PartsWorker.Client.Tests.Topology;

public sealed class PartsTopologyTests
{
    [Fact]
    public void A_routing_key_names_its_lane()
    {
        Assert.Equal("image.live.A.cam-3", PartsTopology.RoutingKey(Lane.Live, "A", "cam-3"));
        Assert.Equal(Lane.Reprocess, PartsTopology.LaneOf(PartsTopology.RoutingKey(Lane.Reprocess, "A", "c")));
        Assert.Null(PartsTopology.LaneOf("image.other.A.c"));
        Assert.Null(PartsTopology.LaneOf(null));
    }

    [Fact]
    public void A_result_key_names_line_camera_and_decision_and_a_pattern_leaves_them_open()
    {
        Assert.Equal("result.A.cam-3.unknown", PartsTopology.ResultKey("A", "cam-3", "unknown"));
        Assert.Equal("result.A.*.*", PartsTopology.ResultKey("A"));
    }

    [Fact]
    public void The_longest_names_that_a_reference_may_have_fit_into_a_key()
    {
        var longest = new string('a', ReferenceRules.MaxWord);

        Assert.True(ReferenceRules.IsWord(longest));
        Assert.InRange(PartsTopology.ResultKey(longest, longest, "accepted").Length, 1, 255);
        Assert.All(["a.b", "#", "*", "", longest + "a"], name => Assert.False(ReferenceRules.IsWord(name), name));
    }

    [Fact]
    public void Every_name_begins_with_the_prefix()
    {
        var topology = new PartsTopology("night-7");

        Assert.All(
            [
                topology.Exchange, topology.LiveQueue, topology.ReprocessQueue, topology.DeadQueue, topology.ResultsExchange,
                .. topology.RetrySteps.Select(step => step.Name),
            ],
            name => Assert.StartsWith("night-7", name, StringComparison.Ordinal));
    }

    [Fact]
    public void Retries_wait_five_seconds_then_thirty_then_five_minutes() =>
        Assert.Equal([5, 30, 300], new PartsTopology().RetrySteps.Select(s => s.Delay.TotalSeconds));

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a#")]
    public void A_prefix_that_cannot_be_a_name_is_refused(string prefix) =>
        Assert.Contains(
            "Rabbit:Prefix must be", Assert.Throws<ArgumentException>(() => new PartsTopology(prefix)).Message, StringComparison.Ordinal);
}
