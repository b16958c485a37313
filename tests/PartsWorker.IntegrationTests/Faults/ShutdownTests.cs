using PartsWorker.Faults.Load;
using PartsWorker.Faults.Runs;
using PartsWorker.Harness;
using PartsWorker.Harness.Processes;

namespace PartsWorker.IntegrationTests.Faults;

/// <summary>SIGTERM at bad moments: the worker ends in time by itself, and nothing is lost by it.</summary>
[Collection(FaultBench.Name)]
public sealed class ShutdownTests
{
    // Pipeline:ShutdownTimeout is 25 s; the rest is for the process itself on a loaded machine.
    private static readonly TimeSpan ShutdownLimit = TimeSpan.FromSeconds(35);

    // Loaders + 10 * MaxBatch, the default of Pipeline:Prefetch, for up to 16 loaders.
    private const int Prefetch = 16 + (10 * 32);

    [Fact]
    public async Task Under_load_it_finishes_what_it_has_and_gives_back_at_most_its_prefetch()
    {
        await using var bench = await StartAsync();
        var (planned, worker) = await LoadAsync(bench, count: 700, stored: 100);
        worker.Terminate();
        Assert.Equal(0, await worker.ExitAsync(ShutdownLimit));
        var (waiting, redelivered) = await bench.Places.WaitingAsync();
        Assert.True(
            waiting + (await bench.Places.CountRowsAsync())!.Value >= planned.Length, "parts were acknowledged that are not stored");
        Assert.InRange(redelivered, 0, Prefetch);
        await FinishAsync(bench, planned);
    }

    [Fact]
    public async Task A_second_signal_changes_nothing_about_that()
    {
        await using var bench = await StartAsync();
        var (planned, worker) = await LoadAsync(bench, count: 450, stored: 50);
        worker.Terminate();
        worker.Terminate();
        Assert.NotNull(await worker.ExitAsync(ShutdownLimit));
        await FinishAsync(bench, planned);
    }

    [Fact]
    public async Task While_the_database_is_down_it_still_ends()
    {
        await using var bench = await StartAsync();
        var (planned, worker) = await LoadAsync(bench, count: 450, stored: 50);
        await bench.Services.RunAsync("stop", "postgres", "--kill");
        worker.Terminate();
        Assert.NotNull(await worker.ExitAsync(ShutdownLimit));
        await bench.Services.RunAsync("start", "postgres");
        await FinishAsync(bench, planned);
    }

    private static Task<Bench> StartAsync() => Bench.StartAsync(FaultBench.Options(seed: 5, workers: 1));

    private static async Task<(PlannedMessage[] Planned, ChildProcess Worker)> LoadAsync(Bench bench, int count, int stored)
    {
        var limit = FaultBench.Within(TimeSpan.FromMinutes(3));
        var planned = new GoodLoad(Repository.GoldenImages, bench.Root, seed: 5, TimeProvider.System.GetUtcNow()).Draw(count);
        await bench.Source.PublishAsync(planned, _ => Task.CompletedTask, limit);
        bench.Crew.StartAll();
        await new Progress(bench, backlog: 0).UntilAsync(stored, Task.CompletedTask, limit);
        return (planned, bench.Crew[0]);
    }

    private static async Task FinishAsync(Bench bench, PlannedMessage[] planned)
    {
        bench.Crew.Replace(0);
        var report = await Drain.WaitAndAuditAsync(bench, planned, FaultBench.Within(TimeSpan.FromMinutes(5)));
        Assert.True(report.IsClean, report.ToString());
    }
}
