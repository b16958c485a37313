using PartsWorker.Intake;

namespace PartsWorker.Tests.Intake;

public class AckWindowTests
{
    private readonly AckWindow _window = new();

    [Fact]
    public void A_finished_prefix_is_one_multiple_acknowledgement()
    {
        Assert.Equal([(3UL, true)], Drain(1, 2, 3));
    }

    [Fact]
    public void Nothing_below_a_gap_is_acknowledged_by_what_lies_beyond_it()
    {
        Assert.Equal([(3UL, false), (4UL, false)], Drain(3, 4));
    }

    [Fact]
    public void The_prefix_and_the_rest_go_out_together()
    {
        Assert.Equal([(2UL, true), (5UL, false)], Drain(2, 5, 1));
    }

    [Fact]
    public void A_multiple_names_a_tag_that_is_still_outstanding()
    {
        Drain(2, 3);

        // 2 and 3 went out alone: naming 3 again would be a channel error, so only 1 is named.
        Assert.Equal([(1UL, true)], Drain(1));
        Assert.Equal([(4UL, true)], Drain(4));
    }

    [Fact]
    public void Settling_a_tag_twice_acknowledges_it_once()
    {
        Drain(1);

        Assert.Empty(Drain(1));
        Assert.Equal([(3UL, false)], Drain(3, 3));
        Assert.Empty(Drain(3));
    }

    [Fact]
    public void Every_tag_is_acknowledged_exactly_once_in_any_order()
    {
        var random = new Random(7);
        var outstanding = Enumerable.Range(1, 500).Select(i => (ulong)i).ToHashSet();
        foreach (var some in outstanding.OrderBy(_ => random.Next()).ToArray().Chunk(7))
        {
            var settled = some.ToHashSet();
            foreach (var (tag, multiple) in Drain(some))
            {
                Assert.Contains(tag, outstanding);
                outstanding.RemoveWhere(t => multiple ? t <= tag : t == tag);
            }

            Assert.DoesNotContain(outstanding, settled.Contains);
        }

        Assert.Empty(outstanding);
    }

    private List<(ulong, bool)> Drain(params ulong[] tags)
    {
        var acknowledgements = new List<(ulong, bool)>();
        Array.ForEach(tags, _window.Settled);
        _window.Drain(acknowledgements);
        return acknowledgements;
    }
}
