using PartsWorker.Faults.Audit;
using PartsWorker.Faults.Load;
using PartsWorker.Faults.Schedule;
using PartsWorker.Faults.Workers;
using PartsWorker.Harness;

namespace PartsWorker.Faults.Runs;

/// <summary>
/// The cluster run: servers fail and change their roles while messages flow at a constant rate. The audit is the same as of a fault run.
/// </summary>
internal static class ClusterRun
{
    public static async Task<(AuditReport Report, bool Clean)> RunAsync(
        BenchOptions options, int messages, CancellationToken cancellationToken)
    {
        await using var bench = await ClusterBench.StartAsync(options);
        if (!SkewedClock.IsAvailable)
        {
            Console.WriteLine("skipped: workers with a wrong clock (the package libfaketime is not installed)");
        }

        var load = new MixedLoad(Repository.GoldenImages, bench.Root, bench.Storage.Address, options.Seed, TimeProvider.System.GetUtcNow());
        var planned = load.Draw(messages, withMissing: false);
        bench.Crew.StartAll();
        var faults = ClusterPlan.Draw(options.Seed, messages)
            .Where(fault => fault.Kind != ClusterFaultKind.ClockSkewed || SkewedClock.IsAvailable).ToArray();
        var perSecond = messages / ClusterPlan.Length(faults).TotalSeconds;
        Console.WriteLine($"{faults.Length} faults, {perSecond:0.0} images/s");
        await using var watch = new StoreWatch(bench.Places, () => bench.Source.Spooled);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var feeding = bench.Source.PublishAsync(planned, rows => watch.PaceAsync(rows, perSecond, ended.Token), ended.Token);
        bench.Cluster.Stop = cancellationToken;
        try
        {
            await InjectAllAsync(bench, watch, faults, messages, feeding, cancellationToken);
            await feeding;
        }
        finally
        {
            bench.Cluster.Stop = CancellationToken.None;
            await ended.CancelAsync();
            await feeding.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        var report = await Drain.WaitAndAuditAsync(bench, planned, cancellationToken);
        Print(watch);
        return (report, report.IsClean && bench.Crew.Deaths.Count == 0);
    }

    private static async Task InjectAllAsync(
        ClusterBench bench, StoreWatch watch, IReadOnlyList<ClusterFault> faults, int messages, Task feeding,
        CancellationToken cancellationToken)
    {
        var injector = new ClusterInjector(bench.Cluster, bench.Crew);
        foreach (var fault in faults)
        {
            // On a busy machine faults take longer than planned; the messages for the later ones must not be stored before them.
            watch.Limit = fault.At + (messages / 10);
            await UntilAsync(bench, watch, fault.At, feeding, cancellationToken);
            Console.WriteLine($"{watch.Elapsed.TotalSeconds,6:0} s  {watch.Stored,6} rows  {fault.Kind}");
            watch.Pauses.Begin(fault.Kind, watch.Elapsed);
            await injector.InjectAsync(fault);
            watch.Pauses.End();
        }

        watch.Limit = int.MaxValue;
    }

    private static async Task UntilAsync(
        ClusterBench bench, StoreWatch watch, int rows, Task feeding, CancellationToken cancellationToken)
    {
        bench.Crew.Check();
        for (var waiting = watch.UntilAsync(rows, cancellationToken); !waiting.IsCompletedSuccessfully; bench.Crew.Check())
        {
            var first = await Task.WhenAny(waiting, Task.Delay(200, cancellationToken), feeding.IsFaulted ? feeding : waiting);
            await first;
        }
    }

    private static void Print(StoreWatch watch)
    {
        Console.WriteLine("fault                   times  longest pause of storing");
        foreach (var (kind, times, longest) in watch.Pauses.Report())
        {
            Console.WriteLine($"{kind,-22}{times,7}  {longest.TotalSeconds,22:0.0} s");
        }

        Console.WriteLine($"took {watch.Elapsed.TotalSeconds:0} s");
    }
}
