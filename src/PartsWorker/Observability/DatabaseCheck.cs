using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PartsWorker.Database;

namespace PartsWorker.Observability;

/// <summary>
/// Keeps the worker unready until the database has passed one check; after that, writing results shows the state of the database.
/// </summary>
internal sealed class DatabaseCheck(IDatabaseProbe probe, WorkerState state, TimeProvider time, ILogger<DatabaseCheck> log)
    : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(3);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var reported = "";
        while (await FailureAsync(stoppingToken) is { } reason && !stoppingToken.IsCancellationRequested)
        {
            state.Problem(WorkerState.Database, reason);
            if (reason != reported)
            {
                reported = reason;
                log.DatabaseCheckFailed(Pause, reason);
            }

            await Task.Delay(Pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <returns>Null when the check passed.</returns>
    private async Task<string?> FailureAsync(CancellationToken stopping)
    {
        try
        {
            await probe.ProbeAsync(stopping);
        }
        catch (Exception error)
        {
            return PostgresFaults.Describe(error);
        }

        state.Solved(WorkerState.Database);
        log.DatabaseCheckPassed();
        return null;
    }
}
