using PartsWorker.Client;

namespace PartsWorker.Reprocessing;

/// <summary>
/// Publishes a selection in the order of capture: reads a page, publishes it, waits until the broker has confirmed all of it, and saves the
/// cursor. After a kill the next run continues from the cursor; references published but not saved add no second row.
/// </summary>
/// <param name="publish">Publishes one reference and completes when the broker confirms it.</param>
/// <param name="progress">Receives the number of images classified so far.</param>
internal sealed class Reprocessor(
    ReprocessRuns runs, ReprocessSelection selection, Func<ImageReference, CancellationToken, Task> publish, ReprocessOptions options,
    TimeProvider time, Action<long> progress)
{
    private long _published;
    private ReprocessCursor? _cursor;
    private long _classified;
    private long _lost;

    /// <param name="run">A new run, or one to continue.</param>
    /// <param name="limit">Most references to publish, including those published before the run was continued.</param>
    /// <param name="wait">Whether to wait until every published image is classified.</param>
    /// <param name="cancellationToken">Stops after the current page.</param>
    public async Task<ReprocessOutcome> RunAsync(ReprocessRun run, long? limit, bool wait, CancellationToken cancellationToken)
    {
        (_published, _cursor) = (run.Published, run.Cursor);
        while (await PublishPageAsync(run, limit, cancellationToken))
        {
            await MakeRoomAsync(run.RunId, cancellationToken);
        }

        await runs.RecordPublishedAsync(run.RunId, cancellationToken);
        var left = await WaitUntilAsync(wait ? 0 : long.MaxValue, run.RunId, "published", cancellationToken);
        await runs.RecordAsync(run.RunId, left == 0 ? "done" : wait ? "incomplete" : "published", _classified, cancellationToken);
        return new ReprocessOutcome(run.RunId, _published, _classified, left);
    }

    private async Task<bool> PublishPageAsync(ReprocessRun run, long? limit, CancellationToken cancellationToken)
    {
        var size = (int)Math.Min(options.PageSize, (limit ?? long.MaxValue) - _published);
        if (size <= 0 || await selection.ReadAsync(run.StartedAt, _cursor, size, cancellationToken) is not { Count: > 0 } page)
        {
            return false;
        }

        await Task.WhenAll(page.Select(async reference => await publish(reference, cancellationToken)));
        _cursor = new ReprocessCursor(page[^1].CapturedAt, page[^1].ImageId);
        _published += page.Count;
        await runs.AdvanceAsync(run.RunId, _cursor, page.Count, cancellationToken);
        return true;
    }

    /// <summary>
    /// Waits until few enough images are outstanding. Those that got no row for the whole patience (their files are gone) no longer count:
    /// otherwise every further page would wait as long.
    /// </summary>
    private async Task MakeRoomAsync(long runId, CancellationToken cancellationToken)
    {
        var atMost = _lost + options.MaxOutstanding;
        var left = await WaitUntilAsync(atMost, runId, "publishing", cancellationToken);
        _lost = left > atMost ? left : Math.Min(_lost, left);
    }

    /// <summary>Waits until at most <paramref name="atMost"/> published images have no row, or no new row appears for too long.</summary>
    private async Task<long> WaitUntilAsync(long atMost, long runId, string status, CancellationToken cancellationToken)
    {
        var lastProgress = time.GetTimestamp();
        while (true)
        {
            var started = time.GetTimestamp();
            var left = await runs.CountLeftAsync(runId, cancellationToken);
            if (_published - left > _classified)
            {
                _classified = _published - left;
                lastProgress = started;
                progress(_classified);
                await runs.RecordAsync(runId, status, _classified, cancellationToken);
            }

            if (left <= atMost || time.GetElapsedTime(lastProgress) > options.Patience)
            {
                return left;
            }

            var pause = Math.Max(options.PollInterval.Ticks, time.GetElapsedTime(started).Ticks * 9);
            await Task.Delay(TimeSpan.FromTicks(pause), time, cancellationToken);
        }
    }
}

/// <param name="RunId">Row of <c>reprocess_runs</c>.</param>
/// <param name="Published">References confirmed by the broker, over all continuations of the run.</param>
/// <param name="Classified">Of these, with a row.</param>
/// <param name="Left">Of these, without.</param>
internal sealed record ReprocessOutcome(long RunId, long Published, long Classified, long Left);
