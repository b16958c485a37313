using System.Diagnostics;
using PartsWorker.Faults.Audit;
using PartsWorker.Faults.Load;

namespace PartsWorker.Faults.Runs;

/// <summary>Waits until every message has reached its final place, and audits.</summary>
internal static class Drain
{
    // Longer than the last step of the retry ladder, during which nothing changes.
    private static readonly TimeSpan Standstill = TimeSpan.FromMinutes(7);

    public static async Task<AuditReport> WaitAndAuditAsync(
        IBench bench, IReadOnlyList<PlannedMessage> published, CancellationToken cancellationToken)
    {
        var left = await WaitAsync(bench, published.Count, cancellationToken);
        var report = Auditor.Compare(published, await bench.Places.RowsAsync(), await bench.Places.DeadLettersAsync(), left);
        report = bench.Events is { } events ? report with { Events = await events.AuditAsync() } : report;
        Print(bench, report);
        bench.IsClean = report.IsClean && bench.Crew.Deaths.Count == 0;
        return report;
    }

    /// <summary>Returns the number of messages still in lanes and retry queues when nothing changes any more.</summary>
    private static async Task<int> WaitAsync(IBench bench, int expected, CancellationToken cancellationToken)
    {
        var still = Stopwatch.StartNew();
        (int, int, int) last = default;
        while (true)
        {
            bench.Crew.Check();
            var now = (Rows: await bench.Places.CountRowsAsync() ?? 0, Ready: await bench.Places.CountReadyAsync() ?? (-1, 0));
            if ((now.Rows, now.Ready.Waiting, now.Ready.Dead) != last)
            {
                last = (now.Rows, now.Ready.Waiting, now.Ready.Dead);
                still.Restart();
            }

            var complete = now.Rows + now.Ready.Dead >= expected && now.Ready.Waiting == 0;
            if (complete || still.Elapsed > Standstill)
            {
                // Ready counts exclude unacknowledged messages; the broker's totals include them.
                var totals = await bench.QueueTotalsAsync();
                var left = totals.Where(q => q.Key is not ("parts.dead" or PublishedEvents.Queue)).Sum(q => q.Value);
                if (left == 0 || still.Elapsed > Standstill)
                {
                    return left;
                }
            }

            await Task.Delay(500, cancellationToken);
        }
    }

    private static void Print(IBench bench, AuditReport report)
    {
        foreach (var line in report.Misplaced.Take(10))
        {
            Console.WriteLine($"misplaced: {line}");
        }

        foreach (var line in report.Events?.Examples ?? [])
        {
            Console.WriteLine($"event: {line}");
        }

        foreach (var death in bench.Crew.Deaths)
        {
            Console.WriteLine($"death: {death}");
        }

        Console.WriteLine(
            $"misplaced={report.Misplaced.Count} still-queued={report.StillQueued} repeated-dead-letters={report.RepeatedLetters} "
            + $"worker-deaths={bench.Crew.Deaths.Count} peak-resident={bench.Crew.PeakMiB} MiB");
    }
}
