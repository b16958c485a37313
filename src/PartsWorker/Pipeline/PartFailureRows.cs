using Microsoft.Extensions.Logging;
using PartsWorker.FailureRows;
using PartsWorker.Failures;
using PartsWorker.Observability;

namespace PartsWorker.Pipeline;

/// <summary>
/// Writes the row about a failed message and waits while the database is down, as storing does: the message is not settled before, and the
/// prefetch bounds how many wait.
/// </summary>
internal sealed class PartFailureRows(FailureTable table, string worker, Dependency rows, WorkerState state, ILogger<PartFailureRows> log)
    : IFailureRows
{
    public async Task WriteAsync(FailureRow row, CancellationToken abort)
    {
        while (true)
        {
            state.Tick();
            await rows.PauseAsync(abort);
            try
            {
                await table.WriteAsync([row with { Worker = worker }], failedBefore: null, abort);
                rows.ReportSuccess();
                return;
            }
            catch (PartFailureException error) when (error.Recovery == Recovery.Permanent)
            {
                // No other try can succeed, and the message itself is safe in its queue.
                log.FailureNotRecorded(row.ImageId?.ToString() ?? "without an id", error.Message);
                return;
            }
            catch (PartFailureException error)
            {
                rows.ReportFailure(error.Message);
            }
        }
    }
}
