using PartsWorker.Intake;
using PartsWorker.Observability;
using PartsWorker.Pipeline;
using PartsWorker.Tests.Support;

namespace PartsWorker.Tests.Pipeline;

public sealed class MinuteReportTests : IQueueDepths, IDisposable
{
    private const string Others = "0 in parts.reprocess, 3 in parts.dead";
    private readonly ManualTime _time = new();
    private readonly ListLogger<MinuteReport> _log = new();
    private readonly PipelineMetrics _metrics;
    private readonly List<long> _recorded = [];
    private readonly MinuteReport _report;
    private IReadOnlyList<QueueDepth>? _depths = Depths(0);
    private int _read;

    public MinuteReportTests()
    {
        _metrics = new PipelineMetrics(new WorkerState(_time));
        _report = new MinuteReport(
            _metrics, this,
            (depths, _) =>
            {
                _recorded.Add(depths[0].Messages);
                return Task.CompletedTask;
            },
            _time, _log);
    }

    public void Dispose()
    {
        _report.Dispose();
        _metrics.Dispose();
    }

    Task<IReadOnlyList<QueueDepth>?> IQueueDepths.ReadDepthsAsync(CancellationToken cancellation)
    {
        Interlocked.Increment(ref _read);
        return Task.FromResult(_depths);
    }

    [Fact]
    public async Task A_minute_of_work_is_one_line_the_first_idle_minute_the_last_and_the_stop_gives_the_totals()
    {
        await StartAsync();
        Work(stored: 90, retried: 2, dead: 1);
        _depths = Depths(7);
        await PassMinuteAsync();
        _depths = Depths(0);
        await PassMinuteAsync();
        await PassMinuteAsync();
        await _report.StopAsync(CancellationToken.None);

        Assert.Equal(
            [
                $"Last minute: 90 rows stored (1.5/s), 2 messages retried, 1 dead; waiting: 7 in parts.live, {Others}",
                $"Last minute: 0 rows stored (0.0/s), 0 messages retried, 0 dead; waiting: 0 in parts.live, {Others}",
                "Totals of 00:03:00: 90 rows stored, 2 messages retried, 1 dead",
            ],
            _log.Entries.Select(entry => entry.Line));
        Assert.Equal([7, 0, 0], _recorded);
    }

    [Fact]
    public async Task What_waits_is_unknown_while_the_broker_is_away()
    {
        await StartAsync();
        _depths = null;
        await PassMinuteAsync();
        await _report.StopAsync(CancellationToken.None);

        Assert.EndsWith("waiting: unknown", _log.Entries.First().Line, StringComparison.Ordinal);
        Assert.Empty(_recorded);
    }

    private static QueueDepth[] Depths(long live) =>
        [new("parts.live", live, 1), new("parts.reprocess", 0, 1), new("parts.retry.1", 0, 0), new("parts.dead", 3, 0)];

    private void Work(int stored, int retried, int dead)
    {
        for (var i = 0; i < stored; i++)
        {
            _metrics.Stored("live", "accepted", TimeSpan.Zero);
        }

        for (var i = 0; i < retried + dead; i++)
        {
            _metrics.Failed("missing-image", "load", i < dead ? "dead" : "retry");
        }
    }

    private async Task StartAsync()
    {
        await _report.StartAsync(CancellationToken.None);
        for (var i = 0; _time.WaitingTimers == 0 && i < 2000; i++)
        {
            await Task.Delay(5);
        }
    }

    private async Task PassMinuteAsync()
    {
        var before = Volatile.Read(ref _read);
        _time.Advance(TimeSpan.FromMinutes(1));
        for (var i = 0; Volatile.Read(ref _read) == before && i < 2000; i++)
        {
            await Task.Delay(5);
        }

        // The line follows the reading.
        await Task.Delay(50);
    }
}
