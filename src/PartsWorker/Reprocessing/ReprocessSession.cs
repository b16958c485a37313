using Npgsql;
using PartsWorker.Client;
using PartsWorker.Configuration;
using PartsWorker.Database;
using PartsWorker.Registry;
using PartsWorker.Terminal;

namespace PartsWorker.Reprocessing;

/// <summary>One call of <c>reprocess</c>: checks the request, runs the <see cref="Reprocessor"/> and prints its progress.</summary>
internal sealed class ReprocessSession(Settings settings, ReprocessRequest request, bool wait)
{
    public Task<int> RunAsync(bool dryRun, CancellationToken cancellationToken) =>
        DatabaseSession.RunAsync(settings, "reprocess", async source =>
        {
            var model = await new ModelRegistry(source).FindAsync(request.Model, cancellationToken);
            var session = new ReprocessSession(settings, request with { Model = model.Key }, wait);
            return await session.RunAsync(source, dryRun, cancellationToken);
        });

    private async Task<int> RunAsync(NpgsqlDataSource source, bool dryRun, CancellationToken cancellationToken)
    {
        if (!dryRun)
        {
            await ReprocessRuns.CloseFinishedAsync(source, cancellationToken);
        }

        var selection = new ReprocessSelection(source, request);
        var selected = Math.Min(await selection.CountAsync(cancellationToken), request.Filter.Limit ?? long.MaxValue);
        if (selected == 0 || dryRun)
        {
            Console.WriteLine(selected == 0
                ? $"nothing to do: {request.Model} has classified every selected image from {request.From:u} to {request.To:u}"
                : $"would publish {selected:N0} images for {request.Model}");
            return 0;
        }

        return await PublishAsync(source, selected, cancellationToken);
    }

    private async Task<int> PublishAsync(NpgsqlDataSource source, long selected, CancellationToken cancellationToken)
    {
        var configuration = settings.Load();
        var options = CommandOptions.Read<ReprocessOptions>(configuration, ReprocessOptions.Section);
        try
        {
            await using var job = await ReprocessJob.StartAsync(
                source, RabbitSettings.From(configuration), request with { GiveUpAfter = wait ? null : options.Patience }, selected,
                cancellationToken);
            var run = job.Run;
            Console.WriteLine(run.Published == 0
                ? $"run {run.RunId}: {run.Selected:N0} images for {request.Model}"
                : $"continuing run {run.RunId}: {run.Published:N0} of {run.Selected:N0} images were published before");
            var outcome = await ProgressBar.RunAsync(
                $"classifying with {request.Model}", run.Selected, quiet: false,
                advance => job.RunAsync(options, wait, ShowOn(advance, run.Selected), cancellationToken));
            return Report(outcome, options);
        }
        catch (Exception error) when (error is PublishFailedException or RabbitConnectionException)
        {
            throw new UserErrorException($"{error.Message}; run the same command again to continue", exitCode: 1, error);
        }
    }

    private static Action<long> ShowOn(Action<long> advance, long selected)
    {
        var lines = new PlainProgress(selected, TimeProvider.System);
        long shown = 0;
        return classified =>
        {
            advance(classified - shown);
            shown = classified;
            lines.Show(classified);
        };
    }

    private int Report(ReprocessOutcome outcome, ReprocessOptions options)
    {
        Console.WriteLine($"run {outcome.RunId}: {outcome.Published:N0} published, {outcome.Classified:N0} classified");
        if (wait && outcome.Left > 0)
        {
            Console.Error.WriteLine(
                $"partsworker: {outcome.Left:N0} images have no row, and no new row appeared for {options.Patience}: "
                + "check that a worker is running, and see partsworker dead-letters list");
            return 1;
        }

        return 0;
    }
}
