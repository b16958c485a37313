using PartsWorker.Faults.Audit;
using PartsWorker.Faults.Load;
using PartsWorker.Faults.Workers;
using PartsWorker.Harness;

namespace PartsWorker.Faults.Runs;

/// <summary>
/// Reprocesses a night beside a running line: model A classifies a set of images; then <c>partsworker reprocess</c> sends them to model B,
/// is killed once and started again, while a line continues to publish. Afterwards the run counts the rows and compares the latency of the
/// line with its latency alone.
/// </summary>
internal static class ReprocessRun
{
    private const string StockLine = "A";
    private const double ImagesPerSecond = 20;

    /// <param name="options">Use one worker: two on the same cores would measure the kernel's scheduler.</param>
    /// <param name="images">Number of images that model A classifies first.</param>
    /// <param name="alone">How long the line runs alone, once before and once after.</param>
    /// <param name="killWorker">Also kill a worker during the run; its restart distorts the latency, not the counts.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    public static async Task<ReprocessReport> RunAsync(
        BenchOptions options, int images, TimeSpan alone, bool killWorker, CancellationToken cancellationToken)
    {
        using var twins = new TwinBundles(Path.Combine(Repository.Root, options.Model));
        await using var bench = await Bench.StartAsync(options with { Model = twins.FolderA });
        await using var ledger = await Ledger.OpenAsync(bench.Services);

        // Few enough messages ahead of the workers that the kill interrupts publishing, and enough that the workers never wait.
        var tool = new Tool(bench, twins.Root, options.Folder, Math.Max(100, images / 5));
        await tool.RunAsync("models", "register", twins.FolderB);
        await tool.RunAsync("models", "activate", twins.KeyA);

        var night = TimeProvider.System.GetUtcNow().AddDays(-2);
        var stock = new GoodLoad(Repository.GoldenImages, bench.Root, options.Seed, night).Draw(images);
        bench.Crew.StartAll();
        await bench.Source.PublishAsync(stock, _ => Task.CompletedTask, cancellationToken);
        await bench.UntilAsync(async () => (await ledger.CountAsync(twins.KeyA, StockLine)).Rows >= images, cancellationToken);
        Console.WriteLine($"{images} images classified by {twins.KeyA}");

        await using var line = await LineStream.OpenAsync(bench.Services.RabbitMq, bench.Root, ImagesPerSecond, options.Seed);
        var before = await StreamAsync(line, token => Task.Delay(alone, token), cancellationToken);
        var witness = new ReprocessWitness(ledger, twins.KeyB, StockLine);
        var (from, to) = (night.ToString("O"), night.AddHours(1).ToString("O"));
        string[] command = ["reprocess", "--from", from, "--to", to, "--model", twins.KeyB, "--wait"];
        var beside = await StreamAsync(
            line, token => ReprocessAsync(bench, tool, witness, command, images, killWorker, token), cancellationToken);
        var after = await StreamAsync(line, token => Task.Delay(alone, token), cancellationToken);
        await bench.UntilAsync(async () => (await ledger.CountImagesAsync(LineStream.Line)).Images >= line.Published, cancellationToken);

        var report = new ReprocessReport(
            images,
            await ledger.CountAsync(twins.KeyA, StockLine),
            await ledger.CountAsync(twins.KeyB, StockLine),
            witness.Untrue,
            (await ledger.RunAsync(twins.KeyB, StockLine))!,
            line.Published,
            await ledger.CountImagesAsync(LineStream.Line),
            new([.. await LatenciesAsync(ledger, before), .. await LatenciesAsync(ledger, after)]),
            new(await LatenciesAsync(ledger, beside)),
            bench.Crew.Deaths);
        report.Print(Console.Out);
        bench.IsClean = report.IsRight;
        return report;
    }

    private static async Task ReprocessAsync(
        Bench bench,
        Tool tool,
        ReprocessWitness witness,
        string[] command,
        int images,
        bool killWorker,
        CancellationToken cancellationToken)
    {
        using (var first = tool.Start(command))
        {
            await witness.UntilAsync(images * 2 / 5, cancellationToken);
            first.Kill();
        }

        Console.WriteLine($"killed and started again: {await witness.SampleAsync()}");
        using var second = tool.Start(command);
        if (killWorker)
        {
            await witness.UntilAsync(images * 7 / 10, cancellationToken);
            bench.Crew.Replace(0);
        }

        await witness.UntilAsync(images, cancellationToken);
        await tool.SucceededAsync(second, "reprocess");
    }

    private static async Task<(DateTimeOffset From, DateTimeOffset To)> StreamAsync(
        LineStream line, Func<CancellationToken, Task> beside, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var from = TimeProvider.System.GetUtcNow();
        var streaming = line.RunAsync(stop.Token);
        try
        {
            await beside(cancellationToken);
        }
        finally
        {
            await stop.CancelAsync();
            await streaming;
        }

        return (from, TimeProvider.System.GetUtcNow());
    }

    private static Task<List<double>> LatenciesAsync(Ledger ledger, (DateTimeOffset From, DateTimeOffset To) window) =>
        ledger.LatenciesAsync(LineStream.Line, window.From, window.To);
}
