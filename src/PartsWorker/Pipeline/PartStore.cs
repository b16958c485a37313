using PartsWorker.Failures;
using PartsWorker.Observability;
using PartsWorker.Results;

namespace PartsWorker.Pipeline;

/// <summary>Step 5: writes classified parts and waits while the database is down.</summary>
internal sealed class PartStore(IResultSink sink, string worker, Dependency database, WorkerState state)
{
    /// <summary>Returns when every part is committed or permanently refused.</summary>
    /// <returns>The refused parts, each with its reason.</returns>
    public async Task<List<(Part Part, PartFailureException Error)>> WriteAsync(IReadOnlyList<Part> parts, CancellationToken abort)
    {
        if (parts.Count == 0)
        {
            return [];
        }

        var rows = parts.Select(part => part.Row = PartRows.Create(part, worker)).ToArray();
        while (true)
        {
            // Tick while waiting: a database outage must not trip the liveness probe; restarting would not help.
            state.Tick();
            await database.PauseAsync(abort);
            try
            {
                var refused = await sink.WriteAsync(rows, abort);
                database.ReportSuccess();
                return [.. refused.Select(row => (parts[row.Index], row.Error))];
            }
            catch (PartFailureException failure)
            {
                // The write is idempotent, so repeating it is safe even if the previous one was committed and only its answer was lost.
                database.ReportFailure(failure.Message);
            }
        }
    }
}
