using PartsWorker.Faults.Schedule;

namespace PartsWorker.IntegrationTests.Faults;

public sealed class FaultPlanTests
{
    [Fact]
    public void A_long_run_holds_enough_of_every_fault()
    {
        var faults = FaultPlan.Draw(seed: 7, messages: 20_000, withDisks: true).CountBy(f => f.Kind).ToDictionary();
        Assert.True(faults[FaultKind.WorkerKilled] >= 50);
        Assert.True(faults[FaultKind.BrokerRestarted] >= 10);
        Assert.True(faults[FaultKind.DatabaseRestarted] >= 10);
        Assert.True(faults[FaultKind.ConnectionsCut] >= 20);
        Assert.Equal(Enum.GetValues<FaultKind>().Length, faults.Count);
    }

    [Fact]
    public void The_seed_alone_decides()
    {
        Assert.Equal(FaultPlan.Draw(3, 5000, withDisks: true), FaultPlan.Draw(3, 5000, withDisks: true));
        Assert.NotEqual(FaultPlan.Draw(3, 5000, withDisks: true), FaultPlan.Draw(4, 5000, withDisks: true));
    }

    [Fact]
    public void Faults_come_in_the_order_of_progress_and_before_the_last_row() =>
        Assert.All(FaultPlan.Draw(3, 5000, withDisks: false).Zip(FaultPlan.Draw(3, 5000, withDisks: false).Skip(1)), pair =>
        {
            Assert.True(pair.First.At <= pair.Second.At);
            Assert.True(pair.Second.At < 4500);
        });
}
