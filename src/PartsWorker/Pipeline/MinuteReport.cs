using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PartsWorker.Intake;
using PartsWorker.Observability;

namespace PartsWorker.Pipeline;

/// <summary>
/// One line per minute of work, one when the work ends, and the totals at the stop. It is registered before the pipeline, so that it stops
/// after it and the totals are complete.
/// </summary>
/// <param name="metrics">Counts.</param>
/// <param name="depths">What waits.</param>
/// <param name="record">Writes what waits to SQL; its failure is of no importance here.</param>
/// <param name="time">For the minutes.</param>
/// <param name="log">Gets the lines.</param>
internal sealed class MinuteReport(
    PipelineMetrics metrics, IQueueDepths depths, Func<IReadOnlyList<QueueDepth>, CancellationToken, Task> record, TimeProvider time,
    ILogger<MinuteReport> log) : BackgroundService
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private readonly long _start = time.GetTimestamp();
    private (long Stored, long Retried, long Dead) _before;
    private bool _wasIdle = true;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        var (stored, retried, dead) = metrics.Totals;
        var running = TimeSpan.FromSeconds(Math.Round(time.GetElapsedTime(_start).TotalSeconds));
        log.Totals(running, stored, retried, dead);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Minute, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await ReportAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping: the totals follow.
        }
    }

    private async Task ReportAsync(CancellationToken stopping)
    {
        var now = metrics.Totals;
        var (stored, retried, dead) = (now.Stored - _before.Stored, now.Retried - _before.Retried, now.Dead - _before.Dead);
        _before = now;
        var waiting = await ReadAsync(stopping);
        var idle = stored + retried + dead == 0 && waiting is not null && waiting.Take(2).All(queue => queue.Messages == 0);
        if (!idle || !_wasIdle)
        {
            var rate = (stored / Minute.TotalSeconds).ToString("0.0", CultureInfo.InvariantCulture);
            log.LastMinute(stored, rate, retried, dead, waiting is null ? "unknown" : Text(waiting));
        }

        _wasIdle = idle;
    }

    private async Task<IReadOnlyList<QueueDepth>?> ReadAsync(CancellationToken stopping)
    {
        if (await depths.ReadDepthsAsync(stopping) is not { } waiting)
        {
            return null;
        }

        try
        {
            await record(waiting, stopping);
        }
        catch (Exception error) when (!stopping.IsCancellationRequested)
        {
            log.QueueDepthsNotRecorded(error.Message);
        }

        return waiting;
    }

    // The lanes always; retry queues and dead letters where they hold something.
    private static string Text(IReadOnlyList<QueueDepth> waiting) => string.Join(
        ", ", waiting.Where((queue, index) => index < 2 || queue.Messages > 0).Select(queue => $"{queue.Messages} in {queue.Queue}"));
}
