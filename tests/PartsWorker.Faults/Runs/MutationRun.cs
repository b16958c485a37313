using PartsWorker.Faults.Audit;
using PartsWorker.Faults.Load;

namespace PartsWorker.Faults.Runs;

/// <summary>
/// Sends mutated images or messages through the worker; each must end as a row, or as a dead letter with an expected reason.
/// </summary>
internal static class MutationRun
{
    public static async Task<(AuditReport Report, bool Clean)> RunAsync(
        BenchOptions options, Func<Bench, PlannedMessage[]> draw, CancellationToken cancellationToken)
    {
        await using var bench = await Bench.StartAsync(options);
        var planned = draw(bench);
        bench.Crew.StartAll();
        await bench.Source.PublishAsync(planned, _ => Task.CompletedTask, cancellationToken);
        var report = await Drain.WaitAndAuditAsync(bench, planned, cancellationToken);
        var dead = await bench.Places.DeadLettersAsync();
        foreach (var (reason, count) in dead.Values.CountBy(reasons => reasons[0]).OrderBy(entry => entry.Key))
        {
            Console.WriteLine($"dead letters with reason {reason}: {count}");
        }

        return (report, report.IsClean && bench.Crew.Deaths.Count == 0);
    }
}
