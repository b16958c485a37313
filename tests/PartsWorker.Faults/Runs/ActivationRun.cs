using PartsWorker.Faults.Audit;
using PartsWorker.Faults.Load;
using PartsWorker.Faults.Workers;
using PartsWorker.Harness;

namespace PartsWorker.Faults.Runs;

/// <summary>Activates another model and rolls it back, repeatedly, while a line publishes and the workers classify.</summary>
internal static class ActivationRun
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(4);

    /// <param name="options">As for every run.</param>
    /// <param name="changes">Number of changes of the active model: activate, roll back, activate ...</param>
    /// <param name="imagesPerSecond">The rate of the line.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    public static async Task<ActivationReport> RunAsync(
        BenchOptions options, int changes, double imagesPerSecond, CancellationToken cancellationToken)
    {
        using var twins = new TwinBundles(Path.Combine(Repository.Root, options.Model));
        await using var bench = await Bench.StartAsync(options with { Model = twins.FolderA });
        await using var ledger = await Ledger.OpenAsync(bench.Services);
        var tool = new Tool(bench, twins.Root, options.Folder);
        await tool.RunAsync("models", "activate", twins.KeyA);
        await tool.RunAsync("models", "register", twins.FolderB);
        CopyImages(bench.Root);
        bench.Crew.StartAll();

        await using var line = await LineStream.OpenAsync(bench.Services.RabbitMq, bench.Root, imagesPerSecond, options.Seed);
        using (var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken))
        {
            var streaming = line.RunAsync(stop.Token);
            try
            {
                await bench.UntilAsync(async () => (await ledger.CountImagesAsync(LineStream.Line)).Images > 0, cancellationToken);
                await ChangeAsync(tool, twins, changes, cancellationToken);
            }
            finally
            {
                await stop.CancelAsync();
                await streaming;
            }
        }

        await bench.UntilAsync(async () => (await ledger.CountImagesAsync(LineStream.Line)).Images >= line.Published, cancellationToken);
        var report = new ActivationReport(
            line.Published, await ledger.CountImagesAsync(LineStream.Line), await ledger.CountAsync(twins.KeyA, LineStream.Line),
            await ledger.CountAsync(twins.KeyB, LineStream.Line), await ledger.ChangeOversAsync(LineStream.Line), bench.Crew.Deaths);
        report.Print(Console.Out);
        bench.IsClean = report.IsRight;
        return report;
    }

    private static async Task ChangeAsync(Tool tool, TwinBundles twins, int changes, CancellationToken cancellationToken)
    {
        for (var change = 0; change < changes; change++)
        {
            await Task.Delay(Pause, cancellationToken);
            await (change % 2 == 0 ? tool.RunAsync("models", "activate", twins.KeyB) : tool.RunAsync("models", "rollback"));
        }

        await Task.Delay(Pause, cancellationToken);
    }

    private static void CopyImages(string root) =>
        Array.ForEach(Directory.GetFiles(Repository.GoldenImages), file => File.Copy(file, Path.Combine(root, Path.GetFileName(file))));
}
