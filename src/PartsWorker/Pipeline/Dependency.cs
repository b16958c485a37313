using Microsoft.Extensions.Logging;
using PartsWorker.Client;
using PartsWorker.Observability;

namespace PartsWorker.Pipeline;

/// <summary>
/// A dependency that every part needs: the database, or the storage of the images. It counts as down after <paramref name="threshold"/>
/// failures in a row and until the next success; meanwhile the worker is not ready, and every caller pauses before it tries
/// again. It rejects nothing.
/// </summary>
/// <param name="name">As readiness, metrics and the log name it.</param>
/// <param name="threshold">At least 1; more where single failures are normal.</param>
/// <param name="state">Learns of the outage and of its end.</param>
/// <param name="time">For the pauses.</param>
/// <param name="log">Gets one line per outage and one when it ends.</param>
internal sealed class Dependency(string name, int threshold, WorkerState state, TimeProvider time, ILogger<Dependency> log)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);
    private int _failures;

    public bool IsDown => Volatile.Read(ref _failures) >= threshold;

    public void ReportSuccess()
    {
        if (Interlocked.Exchange(ref _failures, 0) >= threshold)
        {
            state.Solved(name);
            log.DependencyUp(name);
        }
    }

    /// <param name="reason">One line.</param>
    public void ReportFailure(string reason)
    {
        var failures = Interlocked.Increment(ref _failures);
        if (failures >= threshold)
        {
            // Set on every failure: the check at the start may have passed in between, and it tests less than a write does.
            state.Problem(name, reason);
        }

        if (failures == threshold)
        {
            log.DependencyDown(name, reason);
        }
    }

    /// <summary>
    /// Returns immediately unless the dependency is down; then waits 0.5 s, doubling to 15 s, each pause a random half to all of that.
    /// </summary>
    public Task PauseAsync(CancellationToken cancellation)
    {
        var beyond = Volatile.Read(ref _failures) - threshold;
        if (beyond < 0)
        {
            return Task.CompletedTask;
        }

        return Task.Delay(Backoff.After(beyond + 1, LongestPause), time, cancellation);
    }
}
