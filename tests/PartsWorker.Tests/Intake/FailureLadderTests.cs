using PartsWorker.Client;
using PartsWorker.Failures;
using PartsWorker.Intake;

namespace PartsWorker.Tests.Intake;

public class FailureLadderTests
{
    private readonly PartsTopology _topology = new("t");

    [Theory]
    [InlineData(0, "t.retry.1", 1)]
    [InlineData(1, "t.retry.2", 2)]
    [InlineData(2, "t.retry.3", 3)]
    [InlineData(3, null, 4)]
    public void A_transient_failure_climbs_the_ladder_and_then_dies(int attempts, string? queue, int after)
    {
        Assert.Equal((queue, after), Next(Recovery.Transient, attempts));
    }

    [Fact]
    public void A_permanent_failure_dies_at_once()
    {
        Assert.Equal((null, 1), Next(Recovery.Permanent, 0));
    }

    [Theory]
    [InlineData(0, "t.retry.1")]
    [InlineData(9, "t.retry.3")]
    public void A_dependency_that_is_down_costs_no_attempt(int attempts, string queue)
    {
        Assert.Equal((queue, attempts), Next(Recovery.WithDependency, attempts));
    }

    private (string?, int) Next(Recovery recovery, int attempts)
    {
        var failure = new PartFailureException(FailureKind.MissingImage, recovery, "x");
        var (wait, after) = FailureLadder.Next(failure, attempts, _topology.RetrySteps);
        return (wait?.Name, after);
    }
}
