using PartsWorker.Client;

namespace PartsWorker.Reprocessing;

/// <summary>
/// Walks a selection in the order of capture: read a page, publish it, wait until the broker has confirmed all of it, note the place. Killed at any
/// moment it goes on from that place, and what was published without being noted meets its own row when it is judged a second time.
/// </summary>
/// <param name="publish">Publishes one reference and completes on the broker's confirm.</param>
/// <param name="progress">Gets the number of images judged so far.</param>
internal sealed class Reprocessor(
    ReprocessRuns runs, ReprocessSelection selection, Func<ImageReference, CancellationToken, Task> publish, ReprocessOptions options,
    TimeProvider time, Action<long> progress)
{
    private long _published;
    private ReprocessCursor? _cursor;
    private long _judged;

    /// <param name="run">New, or one to go on with.</param>
    /// <param name="limit">Most references to publish, those of an earlier part of the run included.</param>
    /// <param name="wait">Also wait until everything published is judged.</param>
    /// <param name="cancellationToken">Stops after the page in hand.</param>
    public async Task<ReprocessOutcome> RunAsync(ReprocessRun run, long? limit, bool wait, CancellationToken cancellationToken)
    {
        (_published, _cursor) = (run.Published, run.Cursor);
        while (await PublishPageAsync(run.RunId, limit, cancellationToken))
        {
            await WaitUntilAsync(options.MaxOutstanding, run.RunId, "publishing", cancellationToken);
        }

        var left = await WaitUntilAsync(wait ? 0 : long.MaxValue, run.RunId, "published", cancellationToken);
        await runs.RecordAsync(run.RunId, left == 0 ? "done" : wait ? "incomplete" : "published", _judged, cancellationToken);
        return new ReprocessOutcome(run.RunId, _published, _judged, left);
    }

    private async Task<bool> PublishPageAsync(long runId, long? limit, CancellationToken cancellationToken)
    {
        var size = (int)Math.Min(options.PageSize, (limit ?? long.MaxValue) - _published);
        if (size <= 0 || await selection.ReadAsync(_cursor, size, cancellationToken) is not { Count: > 0 } page)
        {
            return false;
        }

        await Task.WhenAll(page.Select(async reference => await publish(reference, cancellationToken)));
        _cursor = new ReprocessCursor(page[^1].CapturedAt, page[^1].ImageId);
        _published += page.Count;
        await runs.AdvanceAsync(runId, _cursor, page.Count, cancellationToken);
        return true;
    }

    /// <summary>Waits until at most so many are published and not judged, or nothing has moved for too long.</summary>
    private async Task<long> WaitUntilAsync(long atMost, long runId, string status, CancellationToken cancellationToken)
    {
        var moved = time.GetTimestamp();
        while (true)
        {
            var started = time.GetTimestamp();
            var left = await runs.CountLeftAsync(runId, cancellationToken);
            if (_published - left > _judged)
            {
                _judged = _published - left;
                moved = started;
                progress(_judged);
                await runs.RecordAsync(runId, status, _judged, cancellationToken);
            }

            if (left <= atMost || time.GetElapsedTime(moved) > options.Patience)
            {
                return left;
            }

            var pause = Math.Max(options.PollInterval.Ticks, time.GetElapsedTime(started).Ticks * 9);
            await Task.Delay(TimeSpan.FromTicks(pause), time, cancellationToken);
        }
    }
}

/// <param name="RunId">Row of <c>reprocess_runs</c>.</param>
/// <param name="Published">References confirmed by the broker, over all parts of the run.</param>
/// <param name="Judged">Of these, with a row.</param>
/// <param name="Left">Of these, without.</param>
internal sealed record ReprocessOutcome(long RunId, long Published, long Judged, long Left);
