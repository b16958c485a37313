using System.Diagnostics;
using PartsWorker.Bench.Measured;
using PartsWorker.Bench.Suite;

namespace PartsWorker.Bench.Watch;

/// <summary>
/// The workers of a watched run. With <see cref="WatchPlan.KillEvery"/>, one of them is killed periodically and replaced; the first one is
/// never killed, so that its memory shows what a long life costs.
/// </summary>
internal sealed class WatchCrew(WatchPlan plan, Subjects subjects) : IAsyncDisposable
{
    private readonly List<WorkerChild> _workers = [];
    private BenchMark[] _before = [];
    private BenchMark[] _marks = [];
    private long _lastKill;

    public int Kills { get; private set; }

    public TimeSpan SlowestStart => _workers.Max(worker => worker.StartToReady);

    public async Task StartAsync(CancellationToken cancellation)
    {
        for (var i = 0; i < plan.Workers; i++)
        {
            _workers.Add(await StartOneAsync(cancellation));
        }

        _before = [.. _workers.Select(_ => new BenchMark())];
        _lastKill = Stopwatch.GetTimestamp();
    }

    /// <summary>One mark per worker. Its counters contain those of the killed workers that it replaces.</summary>
    public async Task<BenchMark[]> MarksAsync(CancellationToken cancellation)
    {
        if (plan.KillEvery is { } pause && Stopwatch.GetElapsedTime(_lastKill) >= pause)
        {
            await ReplaceAsync(1 + (Kills % (plan.Workers - 1)), cancellation);
        }

        var marks = await Task.WhenAll(_workers.Select(worker => worker.MarkAsync(cancellation)));
        return _marks = [.. marks.Zip(_before, (mark, before) => mark with
        {
            Stored = mark.Stored + before.Stored,
            CpuMs = mark.CpuMs + before.CpuMs,
            Gen2Collections = mark.Gen2Collections + before.Gen2Collections,
        })];
    }

    /// <summary>
    /// Memory of the largest worker without garbage, in MB; of the one that is never killed, if some are. The others are too young to show
    /// growth.
    /// </summary>
    public async Task<double> CollectedMbAsync(CancellationToken cancellation)
    {
        var lived = plan.KillEvery is null ? _workers : _workers[..1];
        return (await Task.WhenAll(lived.Select(worker => worker.CollectedMbAsync(cancellation)))).Max();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in _workers)
        {
            await worker.DisposeAsync();
        }
    }

    private async Task ReplaceAsync(int number, CancellationToken cancellation)
    {
        _lastKill = Stopwatch.GetTimestamp();
        if (_marks.Length > 0)
        {
            _before[number] = _marks[number];
        }

        // It stays in the list until another has started, so that disposing the crew does not hide why one could not start.
        var killed = _workers[number];
        await killed.KillAsync();
        Kills++;
        _workers[number] = await StartOneAsync(cancellation);
        await killed.DisposeAsync();
    }

    private Task<WorkerChild> StartOneAsync(CancellationToken cancellation) => plan.Bundle is { } bundle
        ? subjects.WorkerAsync(bundle, cancellation)
        : subjects.NoneAsync(cancellation);
}
