using Npgsql;
using PartsWorker.Client;
using PartsWorker.Configuration;

namespace PartsWorker.Reprocessing;

/// <summary>A started run with its lock and its connection to the broker, for the command and for the board.</summary>
internal sealed class ReprocessJob : IAsyncDisposable
{
    private readonly ReprocessRuns _runs;
    private readonly PartsPublisher _publisher;
    private readonly ReprocessRequest _request;
    private readonly ReprocessSelection _selection;

    private ReprocessJob(
        ReprocessRuns runs, PartsPublisher publisher, ReprocessRequest request, ReprocessSelection selection, ReprocessRun run) =>
        (_runs, _publisher, _request, _selection, Run) = (runs, publisher, request, selection, run);

    /// <summary>The run: a new one, or the unfinished run of the same request.</summary>
    public ReprocessRun Run { get; }

    /// <param name="source">Where the images and the runs are.</param>
    /// <param name="rabbit">Where to publish.</param>
    /// <param name="request">What to classify.</param>
    /// <param name="selected">Number of images, recorded for a new run.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="UserErrorException">Another run of the model covers a part of the time window.</exception>
    /// <exception cref="RabbitConnectionException">The broker cannot be reached.</exception>
    public static async Task<ReprocessJob> StartAsync(
        NpgsqlDataSource source, RabbitSettings rabbit, ReprocessRequest request, long selected, CancellationToken cancellationToken)
    {
        var runs = await ReprocessRuns.OpenAsync(source, cancellationToken);
        PartsPublisher? publisher = null;
        try
        {
            publisher = await PartsPublisher.ConnectAsync(rabbit.Publisher("reprocess"), cancellationToken);
            var run = await runs.StartAsync(request, selected, cancellationToken);
            return new ReprocessJob(runs, publisher, request, new ReprocessSelection(source, request), run);
        }
        catch
        {
            await DisposeAsync(publisher, runs);
            throw;
        }
    }

    /// <param name="options">Page size, bounds and patience.</param>
    /// <param name="wait">Whether to wait until every published image is classified.</param>
    /// <param name="progress">Receives the number of images classified so far.</param>
    /// <param name="cancellationToken">Stops after the current page; the same request continues the run.</param>
    /// <exception cref="PublishFailedException">The broker did not accept an image; the same request continues the run.</exception>
    public Task<ReprocessOutcome> RunAsync(
        ReprocessOptions options, bool wait, Action<long> progress, CancellationToken cancellationToken) =>
        new Reprocessor(
            _runs, _selection, (reference, token) => _publisher.PublishForModelAsync(reference, _request.Model, token), options,
            TimeProvider.System, progress)
        .RunAsync(Run, _request.Filter.Limit, wait, cancellationToken);

    public ValueTask DisposeAsync() => DisposeAsync(_publisher, _runs);

    private static async ValueTask DisposeAsync(PartsPublisher? publisher, ReprocessRuns runs)
    {
        if (publisher is not null)
        {
            await publisher.DisposeAsync();
        }

        await runs.DisposeAsync();
    }
}
