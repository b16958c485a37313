using System.Collections.Concurrent;
using PartsWorker.Bench.Ceilings;
using PartsWorker.Bench.Measured;
using PartsWorker.Client;
using PartsWorker.Harness.Load;

namespace PartsWorker.Bench.Suite;

/// <summary>
/// Two workers, one without and one with <c>Results:Publish</c>, take turns on the same queue, so that both see the same machine; the one
/// whose turn it is not is paused. Then the second works alone at half load.
/// </summary>
internal sealed class ResultsRun(string bundle, BenchPlan plan, BenchWorld world, Subjects subjects, TimeProvider time)
{
    // Messages that wait during a warm-up: less than a second of a fast worker, and not too much of a slow one at the end.
    private const int WarmQueue = 5000;
    private static readonly TimeSpan Warm = TimeSpan.FromSeconds(10);

    // A window starts and ends at a commit, which may be a whole batch away.
    private static readonly TimeSpan CommitDistance = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<Guid, DateTimeOffset> _arrived = new();

    public async Task<ResultsFigures> RunAsync(CancellationToken cancellation)
    {
        await RequireCommitTimesAsync(cancellation);
        await using var publisher = await PartsPublisher.ConnectAsync(world.Rabbit.Publisher("bench"), cancellation);
        var feeder = BenchReferences.OpenFeeder(publisher, plan.Images, time);
        await using var with = await subjects.WorkerAsync(bundle, publish: true, cancellation);
        with.Freeze();
        var windows = await WindowsAsync(feeder, with, cancellation);
        with.Thaw();
        await DrainedAsync(feeder, with, cancellation);
        var load = Rate.Median(windows.Select(window => window.Subscribed)) / 2;
        plan.Report($"latency at {load:0} images/s");
        var latency = await SubscribedAsync(
            async () =>
            {
                await feeder.PaceAsync(load, plan.LatencyWindow, cancellation);
                await DrainedAsync(feeder, with, cancellation);
                return LatencyFigures.Of(await LatenciesAsync(cancellation)) ?? throw new BenchException("no event arrived");
            },
            cancellation);
        return new ResultsFigures(
            [.. windows.Select(window => window.Off)],
            [.. windows.Select(window => window.On)],
            [.. windows.Select(window => window.Subscribed)],
            OverWithout(windows, window => window.On),
            OverWithout(windows, window => window.Subscribed),
            load,
            latency);
    }

    private static double OverWithout(List<Windows> windows, Func<Windows, double> rate) =>
        Rate.Median(windows.Select(window => rate(window) / window.Off));

    private async Task<T> SubscribedAsync<T>(Func<Task<T>> measure, CancellationToken cancellation)
    {
        _arrived.Clear();
        await using var subscriber = await SubscribeAsync(cancellation);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var receiving = subscriber.RunAsync(RecordAsync, ended.Token);
        var measured = await measure();
        await ended.CancelAsync();
        await receiving;
        return measured;
    }

    private async Task<List<Windows>> WindowsAsync(ReferenceFeeder feeder, WorkerChild with, CancellationToken cancellation)
    {
        var windows = new List<Windows>();

        // Disposed at the end: what it holds and has not classified returns to the queue.
        await using var without = await subjects.WorkerAsync(bundle, publish: false, cancellation);
        without.Freeze();
        var expected = await WarmAsync(without, feeder, cancellation);
        expected = Math.Max(expected, await WarmAsync(with, feeder, cancellation));
        for (var round = 0; round < plan.Windows; round++)
        {
            plan.Report($"round {round + 1} of {plan.Windows}");
            windows.Add(new Windows(
                await WindowAsync(without, feeder, expected, plan.Window, cancellation),
                await WindowAsync(with, feeder, expected, plan.Window, cancellation),
                await SubscribedAsync(() => WindowAsync(with, feeder, expected, plan.Window, cancellation), cancellation)));
        }

        return windows;
    }

    // No speed is known yet, so the queue is filled while the worker empties it.
    private async Task<double> WarmAsync(WorkerChild child, ReferenceFeeder feeder, CancellationToken cancellation)
    {
        await FillAsync(feeder, WarmQueue, cancellation);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var feeding = FeedAsync(feeder, ended.Token, cancellation);
        try
        {
            return await MeasureAsync(child, Warm, cancellation);
        }
        finally
        {
            await ended.CancelAsync();
            await feeding;
        }
    }

    private async Task FeedAsync(ReferenceFeeder feeder, CancellationToken ended, CancellationToken cancellation)
    {
        while (!ended.IsCancellationRequested)
        {
            await FillAsync(feeder, WarmQueue, cancellation);
            await Task.Delay(TimeSpan.FromMilliseconds(100), ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<double> WindowAsync(
        WorkerChild child, ReferenceFeeder feeder, double expected, TimeSpan length, CancellationToken cancellation)
    {
        await FillAsync(feeder, (long)(expected * 1.5 * (length + CommitDistance).TotalSeconds), cancellation);
        return await MeasureAsync(child, length, cancellation);
    }

    // Publishes what is missing until so many messages wait.
    private async Task FillAsync(ReferenceFeeder feeder, long waiting, CancellationToken cancellation) =>
        await feeder.FillAsync(Math.Max(0, waiting - (feeder.Published - await StoredAsync(cancellation))), cancellation);

    private static async Task<double> MeasureAsync(WorkerChild child, TimeSpan length, CancellationToken cancellation)
    {
        child.Thaw();
        var from = await child.NextCommitAsync(cancellation);
        await Task.Delay(length, cancellation);
        var to = await child.NextCommitAsync(cancellation);
        child.Freeze();
        return Rate.Between(from, to).ImagesPerSecond;
    }

    private async Task DrainedAsync(ReferenceFeeder feeder, WorkerChild worker, CancellationToken cancellation)
    {
        var progress = new StoreProgress(time);
        while (await StoredAsync(cancellation) is var stored && stored < feeder.Published)
        {
            progress.Check(stored, feeder.Published);
            // Tells whether it has failed.
            await worker.MarkAsync(cancellation);
            await Task.Delay(TimeSpan.FromMilliseconds(100), cancellation);
        }

        // The events of the last transaction follow their commit.
        await Task.Delay(TimeSpan.FromSeconds(1), cancellation);
    }

    private async Task RequireCommitTimesAsync(CancellationToken cancellation)
    {
        await using var command = world.Source.CreateCommand("SHOW track_commit_timestamp");
        if (await command.ExecuteScalarAsync(cancellation) is not "on")
        {
            throw new BenchException("results needs a PostgreSQL with track_commit_timestamp = on; deploy/bench.sh results starts one");
        }
    }

    private async Task<float[]> LatenciesAsync(CancellationToken cancellation)
    {
        var latencies = new List<float>(_arrived.Count);
        await using var command = world.Source.CreateCommand("SELECT image_id, pg_xact_commit_timestamp(xmin) FROM classifications");
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            if (_arrived.TryGetValue(rows.GetGuid(0), out var arrived))
            {
                latencies.Add((float)(arrived - rows.GetFieldValue<DateTimeOffset>(1)).TotalMilliseconds);
            }
        }

        return [.. latencies];
    }

    private async Task<long> StoredAsync(CancellationToken cancellation)
    {
        await using var command = world.Source.CreateCommand("SELECT count(*) FROM classifications");
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    private Task<ResultSubscriber> SubscribeAsync(CancellationToken cancellation) => ResultSubscriber.ConnectAsync(
        new SubscriberOptions
        {
            ConnectionString = world.Rabbit.ConnectionString,
            Connection = world.Rabbit.Connection,
            Prefix = world.Rabbit.Prefix,
            Prefetch = 1000,
        },
        cancellation);

    private Task RecordAsync(ClassificationResult result, CancellationToken cancellation)
    {
        _arrived[result.ImageId] = time.GetUtcNow();
        return Task.CompletedTask;
    }

    /// <summary>Images per second of one round.</summary>
    private sealed record Windows(double Off, double On, double Subscribed);
}
