using Microsoft.Extensions.Logging;
using PartsWorker.Board.SignIn;
using PartsWorker.Client;
using PartsWorker.Reprocessing;

namespace PartsWorker.Board.Reprocessing;

/// <summary>
/// Runs one request at a time in the process of the board, whether or not the person stays on the page or signed in. When the board stops,
/// the run stops after its current page, and starting the same request continues it.
/// </summary>
internal sealed class BackgroundReprocessing(BoardBroker broker, ReprocessOptions options, ILogger<BackgroundReprocessing> log)
    : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _disposing = new();
    private CancellationTokenSource? _stopping;
    private Task _running = Task.CompletedTask;

    /// <summary>The run in this process; null when there is none.</summary>
    public long? RunId { get; private set; }

    /// <summary>Why the last run of this process did not finish; null when it did.</summary>
    public string? Problem { get; private set; }

    /// <returns>The number of the run.</returns>
    /// <exception cref="UserErrorException">
    /// The person is not an operator, the broker is not configured or away, another run is in progress, or no image is left.
    /// </exception>
    public async Task<long> StartAsync(BoardSession person, ReprocessRequest request, CancellationToken cancellationToken)
    {
        await Operators.RequireAsync(person, cancellationToken);
        var stopping = Claim();
        IAsyncDisposable? kept = null;
        try
        {
            // Before the run takes its lock: the session may end at any moment.
            var database = kept = person.KeepDatabase();
            var selected = await new ReprocessSelection(person.Database, request).CountAsync(cancellationToken);
            await ReprocessRuns.CloseFinishedAsync(person.Database, cancellationToken);
            var job = selected > 0
                ? await ReprocessJob.StartAsync(person.Database, broker.Require(), request, selected, cancellationToken)
                : throw new UserErrorException($"{request.Model} has classified every selected image; there is nothing to do.");
            (RunId, Problem) = (job.Run.RunId, null);
            log.ReprocessingStarted(person.Login, job.Run.RunId, selected, request.Model);
            _running = Task.Run(() => RunAsync(job, database, stopping), CancellationToken.None);
            return job.Run.RunId;
        }
        catch (Exception error)
        {
            await (kept?.DisposeAsync() ?? ValueTask.CompletedTask);
            Release(stopping);
            throw error is RabbitConnectionException
                ? new UserErrorException($"{error.Message}. Nothing was started.", inner: error) : error;
        }
    }

    /// <summary>Stops the run of this process after its current page.</summary>
    /// <exception cref="UserErrorException">The person is not an operator, or another run is in progress.</exception>
    public async Task StopAsync(BoardSession person, long runId, CancellationToken cancellationToken)
    {
        await Operators.RequireAsync(person, cancellationToken);
        Task stopped;
        lock (_lock)
        {
            if (RunId != runId)
            {
                throw new UserErrorException($"Run {runId} is not in progress on this board.");
            }

            _stopping?.Cancel();
            stopped = _running;
        }

        await stopped.WaitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _disposing.CancelAsync();
        await _running;
        _disposing.Dispose();
    }

    private async Task RunAsync(ReprocessJob job, IAsyncDisposable database, CancellationTokenSource stopping)
    {
        try
        {
            var outcome = await job.RunAsync(options, wait: true, _ => { }, stopping.Token);
            Problem = outcome.Left == 0 ? null
                : $"Run {outcome.RunId}: {outcome.Left:N0} images have no row, and no new row appeared for {options.Patience}: "
                + "check that a worker is running, and see Dead letters.";
            log.ReprocessingEnded(outcome.RunId, outcome.Published, outcome.Classified);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            log.ReprocessingStopped(job.Run.RunId, "stopped");
        }
        catch (Exception error)
        {
            // Nobody awaits this task: whatever happened is a line on the page, and the run can be resumed.
            Problem = $"Run {job.Run.RunId} stopped: {error.Message}. Resume continues it.";
            log.ReprocessingStopped(job.Run.RunId, error.Message);
        }
        finally
        {
            await job.DisposeAsync();
            await database.DisposeAsync();
            Release(stopping);
        }
    }

    private CancellationTokenSource Claim()
    {
        lock (_lock)
        {
            return _stopping is null
                ? _stopping = CancellationTokenSource.CreateLinkedTokenSource(_disposing.Token)
                : throw new UserErrorException("A run is in progress on this board: wait for it, or stop it.");
        }
    }

    private void Release(CancellationTokenSource stopping)
    {
        lock (_lock)
        {
            (_stopping, RunId) = (null, null);
        }

        stopping.Dispose();
    }
}
