using PartsWorker.Faults.Runs;

namespace PartsWorker.IntegrationTests.Faults;

/// <summary>The short form of deploy/faults.sh.</summary>
[Collection(FaultBench.Name)]
public sealed class ShortFaultRunTests
{
    [Fact]
    public async Task Killed_workers_restarted_services_and_cut_connections_lose_nothing_and_double_nothing()
    {
        var (report, clean) = await FaultRun.RunAsync(
            FaultBench.Options(seed: 1, workers: 2), messages: 500, FaultBench.Within(TimeSpan.FromMinutes(8)));
        Assert.Equal((500, 0, 0, 0), (report.Published, report.Lost, report.Duplicates, report.StillQueued));
        Assert.Empty(report.Misplaced);
        Assert.True(clean, "a worker ended by itself");
    }
}
