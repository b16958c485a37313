using PartsWorker.Harness.Processes;

namespace PartsWorker.Tests.Bench;

public sealed class ProcessTimeTests
{
    [Fact]
    public void Own_time_agrees_with_the_runtime_and_is_part_of_the_family_and_of_the_machine()
    {
        var (before, machine) = (Environment.CpuUsage.TotalTime, ProcessTime.OfMachine());
        while (Environment.CpuUsage.TotalTime - before < TimeSpan.FromMilliseconds(100))
        {
            // Use processor time.
        }

        var own = ProcessTime.Of(Environment.ProcessId);
        Assert.InRange(own - Environment.CpuUsage.TotalTime, TimeSpan.FromSeconds(-0.1), TimeSpan.FromSeconds(0.02));
        Assert.True(ProcessTime.OfFamily(Environment.ProcessId) >= own);
        Assert.True(ProcessTime.OfMachine() - machine >= TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public void A_process_that_does_not_exist_has_no_time_and_no_name()
    {
        Assert.Equal((TimeSpan.Zero, TimeSpan.Zero, 0), (ProcessTime.Of(0), ProcessTime.OfFamily(-1), ProcessTime.ParentOf(-1)));
        Assert.Null(ProcessTime.NameOf(-1));
        Assert.NotNull(ProcessTime.NameOf(Environment.ProcessId));
    }
}
