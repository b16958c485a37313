using PartsWorker.Faults.Audit;
using PartsWorker.Faults.Load;
using PartsWorker.Faults.Workers;

namespace PartsWorker.Faults.Runs;

/// <summary>A long day in small: one worker, only good images, and a look at its memory, threads, handles, channels and connections on the way.</summary>
internal static class SoakRun
{
    private const int Backlog = 5000;

    public static async Task<(AuditReport Report, bool Clean)> RunAsync(BenchOptions options, int messages, CancellationToken cancellationToken)
    {
        await using var bench = await Bench.StartAsync(options with { Workers = 1 });
        var load = new GoodLoad(Bench.GoldenImages, bench.Root, options.Seed, TimeProvider.System.GetUtcNow());
        var planned = load.Draw(messages);
        bench.Crew.StartAll();

        var progress = new Progress(bench, Backlog);
        var feeding = bench.Source.PublishAsync(planned, confirmed => progress.PaceAsync(confirmed, cancellationToken), cancellationToken);
        var looks = new List<Look>();
        foreach (var percent in new[] { 10, 25, 50, 75, 100 })
        {
            await progress.UntilAsync((int)((long)messages * percent / 100), feeding, cancellationToken);
            looks.Add(await LookAsync(bench, percent));
            Console.WriteLine(looks[^1]);
        }

        await feeding;
        var report = await Drain.WaitAndAuditAsync(bench, planned, cancellationToken);
        return (report, report.IsClean && bench.Crew.Deaths.Count == 0 && HasSettled(looks.First(l => l.Percent == 50), looks[^1]));
    }

    private static async Task<Look> LookAsync(Bench bench, int percent) =>
        new(percent, bench.Crew[0].Stats!, await bench.Services.CountAsync("channels"), await bench.Services.CountAsync("connections"));

    private static bool HasSettled(Look half, Look full)
    {
        var growth = 100.0 * (full.Stats.ResidentKiB - half.Stats.ResidentKiB) / half.Stats.ResidentKiB;
        Console.WriteLine($"resident memory from 50 % to 100 %: {growth:+0.0;-0.0} %");
        return growth <= 2 && full.Channels <= half.Channels && full.Connections <= half.Connections;
    }

    private sealed record Look(int Percent, ProcessStats Stats, int Channels, int Connections)
    {
        public override string ToString() => $"at {Percent} %: {Stats}, {Channels} channels, {Connections} connections";
    }
}
