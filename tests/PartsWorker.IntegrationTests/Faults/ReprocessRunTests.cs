using PartsWorker.Faults.Runs;

namespace PartsWorker.IntegrationTests.Faults;

/// <summary>The short forms of deploy/faults.sh --reprocess and --activate: what they count, not how fast they are.</summary>
[Collection(FaultBench.Name)]
public sealed class ReprocessRunTests
{
    [Fact]
    public async Task Reprocessing_killed_on_the_way_gives_each_image_one_row_per_model_beside_a_running_line()
    {
        var report = await ReprocessRun.RunAsync(
            FaultBench.Options(seed: 1, workers: 2), images: 300, alone: TimeSpan.FromSeconds(2), killWorker: true, FaultBench.Within(
                TimeSpan.FromMinutes(8)));

        Assert.Equal(((300, 300, 0), (300, 300, 0)), (report.ModelA, report.ModelB));
        Assert.Empty(report.Untrue);
        Assert.True(report.IsRight, report.LastLine(seed: 1));
    }

    [Fact]
    public async Task Activating_and_rolling_back_under_load_loses_no_part_and_classifies_none_twice()
    {
        var report = await ActivationRun.RunAsync(
            FaultBench.Options(seed: 1, workers: 2), changes: 2, imagesPerSecond: 10, FaultBench.Within(TimeSpan.FromMinutes(8)));

        Assert.Equal((report.Published, 0), report.Line);
        Assert.Equal(2, report.Changes.Count);
        Assert.True(report.IsRight, report.LastLine(seed: 1));
    }
}
