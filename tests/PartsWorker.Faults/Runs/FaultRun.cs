using System.Diagnostics;
using PartsWorker.Faults.Audit;
using PartsWorker.Faults.Load;
using PartsWorker.Faults.Schedule;

namespace PartsWorker.Faults.Runs;

/// <summary>The bench itself: messages flow while the plan of faults strikes; afterwards the auditor counts.</summary>
internal static class FaultRun
{
    // Enough ahead of the workers that they never starve, little enough that publishing meets the faults too.
    private const int Backlog = 1500;

    public static async Task<(AuditReport Report, bool Clean)> RunAsync(BenchOptions options, int messages, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        await using var bench = await Bench.StartAsync(options);
        if (bench.Disk is null)
        {
            Console.WriteLine("the disk cannot be filled here (mounting a tmpfs is not allowed): that fault is left out");
        }

        var start = TimeProvider.System.GetUtcNow();
        var load = new MixedLoad(Bench.GoldenImages, bench.Root, bench.Storage.Address, options.Seed, start);
        var planned = load.Draw(messages, withMissing: messages >= 5000);
        var faults = FaultPlan.Draw(options.Seed, messages, bench.Disk is not null);
        var injector = new FaultInjector(bench.Services, bench.Broker, bench.Database, bench.Crew, bench.Storage, bench.Disk);
        bench.Crew.StartAll();

        var stored = 0;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var feeding = bench.Feeder.PublishAsync(planned, PaceAsync, ended.Token);
        try
        {
            await StrikeAsync();
            await feeding;
        }
        finally
        {
            await ended.CancelAsync();
        }

        Console.WriteLine($"faults: {injector.Summary}");
        var report = await Drain.WaitAndAuditAsync(bench, planned, cancellationToken);
        Console.WriteLine($"took {clock.Elapsed.TotalSeconds:0} s");
        return (report, report.IsClean && bench.Crew.Deaths.Count == 0);

        async Task PaceAsync(int confirmed)
        {
            while (confirmed - Volatile.Read(ref stored) > Backlog)
            {
                await Task.Delay(100, ended.Token);
            }
        }

        async Task StrikeAsync()
        {
            foreach (var fault in faults)
            {
                while (stored < fault.At)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    await Task.Delay(100, cancellationToken);
                    bench.Crew.Look();
                    stored = await bench.Places.CountRowsAsync() ?? stored;
                }

                Console.WriteLine($"{clock.Elapsed.TotalSeconds,6:0} s  {stored,6} rows  {fault.Kind}{(fault.Hard ? " (hard)" : "")}");
                await injector.StrikeAsync(fault);
            }

            stored = int.MaxValue / 2;
        }
    }
}
