using PartsWorker.Bench.Ceilings;
using PartsWorker.Bench.Measured;
using PartsWorker.Harness.Load;

namespace PartsWorker.Bench.Suite;

/// <summary>
/// Measures one worker process window by window. The process is paused between its windows, so that the ceiling measured there and the
/// worker see the same machine.
/// </summary>
/// <param name="child">The process.</param>
/// <param name="plan">Windows.</param>
/// <param name="feeder">The source of its messages; null if it creates its own.</param>
/// <param name="expected">Estimated images per second, used until a window has measured them.</param>
internal sealed class SubjectRun(WorkerChild child, BenchPlan plan, ReferenceFeeder? feeder, double expected)
{
    // A window starts and ends at a commit, which may be a whole batch away.
    private static readonly TimeSpan CommitDistance = TimeSpan.FromSeconds(3);

    // The first messages after a pause wait for threads and caches, which a worker on a line never does.
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(3);
    private readonly List<(BenchMark From, BenchMark To)> _windows = [];
    private readonly List<double> _ceilings = [];

    public async Task<WorkerFigures> RunAsync(Func<TimeSpan, Task<double>> ceiling, CancellationToken cancellation)
    {
        // Pause the worker while the queue is filled; otherwise a fast worker could empty the queue before its window starts.
        child.Freeze();
        await FeedAsync(plan.Warm, cancellation);
        child.Thaw();
        await child.NextCommitAsync(cancellation);
        await Task.Delay(plan.Warm, cancellation);
        for (var window = 0; window < plan.Windows; window++)
        {
            child.Freeze();
            _ceilings.Add(await ceiling(plan.Window));
            await FeedAsync(plan.Window, cancellation);
            child.Thaw();
            var from = await child.NextCommitAsync(cancellation);
            await Task.Delay(plan.Window, cancellation);
            _windows.Add((from, await child.NextCommitAsync(cancellation)));
        }

        child.Freeze();
        _ceilings.Add(await ceiling(plan.Window));
        child.Thaw();
        return await SumUpAsync(cancellation);
    }

    /// <summary>Measures latencies at a share of the measured capacity; starts and ends with an empty queue.</summary>
    /// <param name="percent">Percent of the capacity.</param>
    /// <param name="single">Milliseconds that the bare model needs for one image, measured before and after the load.</param>
    /// <param name="cancellation">Ends the run.</param>
    public async Task<LoadFigures> LoadAsync(int percent, Func<TimeSpan, double> single, CancellationToken cancellation)
    {
        await child.StoredAsync(feeder!.Published, cancellation);
        var rate = Capacity * percent / 100;
        var before = WhileFrozen(single);
        var pacing = feeder.PaceAsync(rate, Settle + plan.LatencyWindow, cancellation);
        await Task.Delay(Settle, cancellation);
        await child.MarkAsync(cancellation, takeLatencies: true);
        await pacing;
        await child.StoredAsync(feeder.Published, cancellation);
        var mark = await child.MarkAsync(cancellation, takeLatencies: true);
        var bare = (before + WhileFrozen(single)) / 2;
        return new(percent, rate, mark.Latency ?? throw new BenchException("no row was stored under load"), bare);
    }

    private double WhileFrozen(Func<TimeSpan, double> single)
    {
        child.Freeze();
        var milliseconds = single(plan.Window);
        child.Thaw();
        return milliseconds;
    }

    private double Capacity => _windows.Count == 0 ? expected : Rate.Median(Rates).ImagesPerSecond;

    private Rate[] Rates => [.. _windows.Select(w => Rate.Between(w.From, w.To))];

    private async Task<WorkerFigures> SumUpAsync(CancellationToken cancellation)
    {
        var median = Rate.Median(Rates);
        var images = _windows.Sum(w => w.To.Stored - w.From.Stored);
        return new WorkerFigures
        {
            ImagesPerSecond = median.ImagesPerSecond,
            CpuMsPerImage = median.CpuMsPerImage,
            CeilingBeside = Rate.Median(_ceilings),
            // Compare each window with the ceilings before and after it, because the speed of the machine varies over minutes.
            OverCeiling = Rate.Median(
                Rates.Zip(_ceilings, _ceilings.Skip(1)).Select(w => w.First.ImagesPerSecond * 2 / (w.Second + w.Third))),
            ManagedBytesPerImage = (double)_windows.Sum(w => w.To.AllocatedBytes - w.From.AllocatedBytes) / images,
            Gen2PerTenThousand = _windows.Sum(w => w.To.Gen2Collections - w.From.Gen2Collections) * 10_000.0 / images,
            PeakMb = (await child.MarkAsync(cancellation)).PeakMb,
        };
    }

    // 1.5 times what the window will consume, less what is still queued.
    private async Task FeedAsync(TimeSpan length, CancellationToken cancellation)
    {
        if (feeder is not null)
        {
            var stored = _windows.Count == 0 ? 0 : _windows[^1].To.Stored;
            var wanted = (long)(Capacity * 1.5 * (length + CommitDistance).TotalSeconds) + 100;
            await feeder.FillAsync(Math.Max(0, wanted - (feeder.Published - stored)), cancellation);
        }
    }
}
