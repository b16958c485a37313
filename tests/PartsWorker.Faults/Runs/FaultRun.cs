using System.Diagnostics;
using PartsWorker.Faults.Audit;
using PartsWorker.Faults.Load;
using PartsWorker.Faults.Schedule;
using PartsWorker.Harness;

namespace PartsWorker.Faults.Runs;

/// <summary>The fault run: injects the planned faults while messages flow, and audits afterwards.</summary>
internal static class FaultRun
{
    // Enough messages ahead of the workers that they always have work, few enough that publishing is exposed to the faults too.
    private const int Backlog = 1500;

    public static async Task<(AuditReport Report, bool Clean)> RunAsync(
        BenchOptions options, int messages, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        await using var bench = await Bench.StartAsync(options);
        if (bench.Disks is null)
        {
            Console.WriteLine("skipped: faults of full disks (mounting a tmpfs is not permitted)");
        }

        var load = new MixedLoad(Repository.GoldenImages, bench.Root, bench.Storage.Address, options.Seed, TimeProvider.System.GetUtcNow());
        var planned = load.Draw(messages, withMissing: messages >= 5000);
        bench.Crew.StartAll();

        var progress = new Progress(bench, Backlog);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            var feeding = bench.Source.PublishAsync(planned, confirmed => progress.PaceAsync(confirmed, ended.Token), ended.Token);
            var faults = FaultPlan.Draw(options.Seed, messages, bench.Disks is not null);
            await InjectAllAsync(bench, faults, progress, feeding, clock, cancellationToken);
            progress.Open();
            await feeding;
        }
        finally
        {
            await ended.CancelAsync();
        }

        var report = await Drain.WaitAndAuditAsync(bench, planned, cancellationToken);
        Console.WriteLine($"took {clock.Elapsed.TotalSeconds:0} s");
        return (report, report.IsClean && bench.Crew.Deaths.Count == 0);
    }

    private static async Task InjectAllAsync(
        Bench bench, IReadOnlyList<Fault> faults, Progress progress, Task feeding, Stopwatch clock, CancellationToken cancellationToken)
    {
        var injector = new FaultInjector(bench.Services, bench.Broker, bench.Database, bench.Crew, bench.Storage, bench.Disks);
        foreach (var fault in faults)
        {
            await progress.UntilAsync(fault.At, feeding, cancellationToken);
            Console.WriteLine($"{clock.Elapsed.TotalSeconds,6:0} s  {progress.Stored,6} rows  {fault.Kind}{(fault.Hard ? " (hard)" : "")}");
            await injector.InjectAsync(fault);
        }

        Console.WriteLine($"injected: {injector.Summary}");
    }
}
