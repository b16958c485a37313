using Microsoft.Extensions.Hosting;

namespace PartsWorker.Board.SignIn;

/// <summary>Closes the connections of sessions that nobody ended.</summary>
internal sealed class SessionSweep(BoardSessions sessions, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await sessions.EndExpiredAsync();
        }
    }
}
