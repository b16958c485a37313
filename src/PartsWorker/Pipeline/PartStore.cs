using System.Buffers;
using Microsoft.Extensions.Logging;
using PartsWorker.Failures;
using PartsWorker.Observability;
using PartsWorker.Results;

namespace PartsWorker.Pipeline;

/// <summary>Step 5: writes judged parts and waits as long as the database is away.</summary>
internal sealed class PartStore(IResultSink sink, string worker, Circuit database, WorkerState state, ILogger<PartStore> log)
{
    /// <summary>Returns when every part is committed or refused for good.</summary>
    /// <returns>The refused parts, each with its reason.</returns>
    public async Task<List<(Part Part, PartFailureException Error)>> WriteAsync(IReadOnlyList<Part> parts, CancellationToken abort)
    {
        var page = ArrayPool<ResultRow>.Shared.Rent(parts.Count);
        for (var i = 0; i < parts.Count; i++)
        {
            page[i] = PartRows.Create(parts[i], worker);
        }

        try
        {
            return await WriteAsync(parts, new ArraySegment<ResultRow>(page, 0, parts.Count), abort);
        }
        finally
        {
            ArrayPool<ResultRow>.Shared.Return(page, clearArray: true);
        }
    }

    private async Task<List<(Part Part, PartFailureException Error)>> WriteAsync(IReadOnlyList<Part> parts, ArraySegment<ResultRow> rows, CancellationToken abort)
    {
        while (rows.Count > 0)
        {
            // Waiting for the database is life, not silence: a restart would not mend it.
            state.Tick();
            await database.PauseAsync(abort);
            try
            {
                var refused = await sink.WriteAsync(rows, abort);
                Closed();
                return [.. refused.Select(row => (parts[row.Index], row.Error))];
            }
            catch (PartFailureException failure)
            {
                // The write is idempotent, so it may be sent again even when its commit was lost on the way.
                Opened(failure);
            }
        }

        return [];
    }

    private void Closed()
    {
        if (database.Succeeded())
        {
            state.Solved(database.Name);
            log.CircuitClosed(database.Name);
        }
    }

    private void Opened(PartFailureException failure)
    {
        var opened = database.Failed(failure.Message);

        // Each time: the check at the start may have passed in between, and it asks for less than a write does.
        state.Problem(database.Name, failure.Message);
        if (opened)
        {
            log.CircuitOpened(database.Name, failure.Message);
        }
    }
}
