using PartsWorker.Client;
using PartsWorker.Observability;
using PartsWorker.Results;

namespace PartsWorker.Pipeline;

/// <summary>Step 6: publishes the results of committed parts and waits while that is not possible.</summary>
internal sealed class PartEvents(IResultEvents events, ResultsOptions options, Dependency publishing, WorkerState state)
{
    public bool IsEnabled => options.Publish;

    /// <summary>
    /// Returns when the broker has confirmed an event for each part that is due one. A part whose delivery is stale is left out: the broker
    /// delivers it again, and its event follows then.
    /// </summary>
    public async Task PublishAsync(IReadOnlyList<Part> parts, CancellationToken abort)
    {
        while (parts.Where(IsDue).Select(part => part.Row!).ToList() is { Count: > 0 } due)
        {
            // Tick while waiting: an outage must not trip the liveness probe; restarting would not help.
            state.Tick();
            await publishing.PauseAsync(abort);
            try
            {
                await events.PublishAsync(due, abort);
                publishing.ReportSuccess();
                return;
            }
            catch (ResultEventsException failure)
            {
                // Some may be confirmed already. Subscribers expect copies: at least once is the promise.
                publishing.ReportFailure(failure.Message);
            }
        }
    }

    private bool IsDue(Part part) =>
        !part.Shadow && !part.Delivery.IsStale && (part.Delivery.Lane == Lane.Live || options.PublishReprocessed);
}
