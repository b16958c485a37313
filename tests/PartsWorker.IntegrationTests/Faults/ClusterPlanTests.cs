using PartsWorker.Faults.Runs;
using PartsWorker.Faults.Schedule;

namespace PartsWorker.IntegrationTests.Faults;

public sealed class ClusterPlanTests
{
    [Fact]
    public void A_long_run_holds_every_fault_and_the_seed_alone_decides()
    {
        var faults = ClusterPlan.Draw(seed: 7, messages: 20_000);
        Assert.Equal(Enum.GetValues<ClusterFaultKind>().Length, faults.CountBy(fault => fault.Kind).Count());
        Assert.Equal(faults, ClusterPlan.Draw(seed: 7, messages: 20_000));
        Assert.NotEqual(faults, ClusterPlan.Draw(seed: 8, messages: 20_000));
        Assert.All(faults, fault => Assert.InRange(fault.At, 1, 18_000));
    }

    [Fact]
    public void The_short_run_leaves_out_what_takes_long()
    {
        var kinds = ClusterPlan.Draw(seed: 1, messages: 400).Select(fault => fault.Kind).ToArray();
        Assert.DoesNotContain(ClusterFaultKind.NodesRolled, kinds);
        Assert.Contains(ClusterFaultKind.LeaderKilled, kinds);
        Assert.Contains(ClusterFaultKind.PrimaryKilled, kinds);
        Assert.Contains(ClusterFaultKind.NodePartitioned, kinds);
    }

    [Fact]
    public void A_pause_belongs_to_the_fault_that_it_followed_until_a_row_comes_after_its_end()
    {
        var pauses = new StoringPauses();
        pauses.Stored(Seconds(10));
        pauses.Begin(ClusterFaultKind.LeaderKilled, Seconds(11));
        pauses.Stored(Seconds(14));
        pauses.End();
        pauses.Stored(Seconds(15));
        pauses.Stored(Seconds(40));
        pauses.Begin(ClusterFaultKind.PrimaryKilled, Seconds(41));
        pauses.End();
        pauses.Stored(Seconds(49));

        Assert.Equal(
            [(ClusterFaultKind.LeaderKilled, 1, Seconds(4)), (ClusterFaultKind.PrimaryKilled, 1, Seconds(9))], pauses.Report());
    }

    private static TimeSpan Seconds(int seconds) => TimeSpan.FromSeconds(seconds);
}
