using Microsoft.Extensions.Hosting;

namespace PartsWorker.Board.SignIn;

/// <summary>
/// Closes the connections of sessions that nobody ended, and ends sessions whose login or roles were taken away in PostgreSQL.
/// </summary>
internal sealed class SessionSweep(BoardSessions sessions, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);
    private const int CheckEvery = 10;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        for (var round = 1; await timer.WaitForNextTickAsync(stoppingToken); round++)
        {
            await sessions.EndExpiredAsync();
            if (round % CheckEvery == 0)
            {
                await sessions.EndRevokedAsync(stoppingToken);
            }
        }
    }
}
