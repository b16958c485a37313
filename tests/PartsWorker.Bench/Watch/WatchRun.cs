using System.Diagnostics;
using Npgsql;
using PartsWorker.Bench.Ceilings;
using PartsWorker.Bench.Measured;
using PartsWorker.Bench.Suite;
using PartsWorker.Client;
using PartsWorker.Harness.Load;
using PartsWorker.Harness.Services;

namespace PartsWorker.Bench.Watch;

/// <summary>
/// Fills and drains the queue, or feeds it continuously, with one or more workers; samples the workers periodically and counts the rows at
/// the end.
/// </summary>
internal sealed class WatchRun(WatchPlan plan, BenchWorld world, Subjects subjects, TimeProvider time)
{
    private const int Chunk = 4096;

    // The management API's counts lag behind by up to five seconds; a shorter run ignores them.
    private static readonly TimeSpan CountsSettle = TimeSpan.FromSeconds(15);
    private readonly List<WorkerChild> _workers = [];
    private readonly List<BenchMark[]> _looks = [];
    private readonly List<ServiceTimes> _times = [];
    private volatile BenchMark[] _latest = [];
    private OpenObjects? _half;

    public async Task<WatchReport> RunAsync(CancellationToken cancellation)
    {
        await using var publisher = await PartsPublisher.ConnectAsync(world.Rabbit.Publisher("bench"), cancellation);
        var feeder = BenchReferences.OpenFeeder(publisher, plan.Images, time);
        try
        {
            var before = Times();
            var published = plan.FillFirst ? await FillAsync(feeder, cancellation) : double.NaN;
            var publishing = (Times() - before) / plan.Messages;
            for (var i = 0; i < plan.Workers; i++)
            {
                _workers.Add(plan.Bundle is { } bundle
                    ? await subjects.WorkerAsync(bundle, cancellation)
                    : await subjects.NoneAsync(cancellation));
            }

            var started = Stopwatch.GetTimestamp();
            var feeding = plan.FillFirst ? Task.CompletedTask : FeedAsync(feeder, cancellation);
            await WatchAsync(started, cancellation);
            await feeding;
            var report = await SumUpAsync(published, started * 1000.0 / Stopwatch.Frequency, cancellation);
            return report with { PublishBrokerCpuMs = plan.FillFirst ? publishing.Broker.TotalMilliseconds : null };
        }
        finally
        {
            foreach (var worker in _workers)
            {
                await worker.DisposeAsync();
            }
        }
    }

    private async Task<double> FillAsync(ReferenceFeeder feeder, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        while (feeder.Published < plan.Messages)
        {
            await feeder.FillAsync(Math.Min(25L * Chunk, plan.Messages - feeder.Published), cancellation);
            plan.Report($"published {feeder.Published} of {plan.Messages}");
        }

        var elapsed = Stopwatch.GetElapsedTime(started);
        plan.Filled();
        return plan.Messages / elapsed.TotalSeconds;
    }

    // Publish one chunk ahead of the workers, so that the queue stays short and is never empty for long.
    private async Task FeedAsync(ReferenceFeeder feeder, CancellationToken cancellation)
    {
        while (feeder.Published < plan.Messages)
        {
            if (feeder.Published - Stored(_latest) < 2 * Chunk)
            {
                await feeder.FillAsync(Math.Min(Chunk, plan.Messages - feeder.Published), cancellation);
            }
            else
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), cancellation);
            }
        }
    }

    private async Task WatchAsync(long started, CancellationToken cancellation)
    {
        var reported = TimeSpan.Zero;
        while (true)
        {
            var marks = await Task.WhenAll(_workers.Select(worker => worker.MarkAsync(cancellation)));
            var elapsed = Stopwatch.GetElapsedTime(started);
            _looks.Add(marks);
            _times.Add(Times());
            _latest = marks;
            if (elapsed - reported >= plan.ReportInterval || Stored(marks) >= plan.Messages)
            {
                reported = elapsed;
                Report(elapsed, marks);
            }

            if (Stored(marks) >= plan.Messages)
            {
                return;
            }

            if (_half is null && elapsed > CountsSettle && Stored(marks) >= plan.Messages / 2)
            {
                _half = await OpenAsync(cancellation);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(250), cancellation);
        }
    }

    private void Report(TimeSpan elapsed, BenchMark[] marks) => plan.Report(
        $"{elapsed.TotalSeconds,7:0.0} s  {Stored(marks),9} stored  {Stored(marks) / Math.Max(elapsed.TotalSeconds, 1e-3),8:0.0} images/s  "
        + $"{marks.Max(m => m.ResidentMb),6:0} MB  {marks.Max(m => m.Handles)} handles  {marks.Max(m => m.Threads)} threads  "
        + $"{marks.Sum(m => m.Gen2Collections)} gen2");

    private async Task<WatchReport> SumUpAsync(double publishedPerSecond, double readyMs, CancellationToken cancellation)
    {
        var early = _looks.First(look => Stored(look) >= plan.Messages / 10);
        var last = _looks[^1];
        var (rows, different) = await CountAsync(world.Source, cancellation);
        return new()
        {
            Messages = plan.Messages,
            Workers = plan.Workers,
            Rows = rows,
            DifferentImages = different,
            PublishedPerSecond = publishedPerSecond,
            ImagesPerSecond = plan.Messages * 1000 / (last.Max(m => m.AtMs) - readyMs),
            CpuMsPerImage = last.Sum(m => m.CpuMs) / plan.Messages,
            EarlyMb = early.Max(m => m.ResidentMb),
            LateMb = last.Max(m => m.ResidentMb),
            PeakMb = last.Max(m => m.PeakMb),
            EarlyHandles = early.Max(m => m.Handles),
            LateHandles = last.Max(m => m.Handles),
            Gen2Collections = last.Sum(m => m.Gen2Collections),
            GrowthInSecondHalf = (TypicalMb(0.9, 1) / TypicalMb(0.4, 0.5)) - 1,
            StartToReadySeconds = _workers.Max(worker => worker.StartToReady.TotalSeconds),
            Steady = Steady(),
            HalfOpen = _half,
            LateOpen = await OpenAsync(cancellation),
        };
    }

    private SteadyFigures Steady()
    {
        var first = _looks.FindIndex(look => Stored(look) >= plan.Messages / 5);
        var (from, to) = (_looks[first], _looks[^1]);
        var images = Math.Max(1, Stored(to) - Stored(from));
        var used = (_times[^1] - _times[first]) / images;
        var workers = (to.Sum(m => m.CpuMs) - from.Sum(m => m.CpuMs)) / images;
        var perImage = Math.Max(1, to.Max(m => m.AtMs) - from.Max(m => m.AtMs)) / images;
        var (broker, database) = (used.Broker.TotalMilliseconds, used.Database.TotalMilliseconds);
        var others = Math.Max(0, used.Machine.TotalMilliseconds - workers - broker - database) / perImage;
        return new(1000 / perImage, workers, broker, database, others);
    }

    private ServiceTimes Times() => plan.Services?.Read() ?? default;

    // The median, because single samples contain varying amounts of uncollected garbage.
    private double TypicalMb(double from, double to)
    {
        var after = _looks.Where(look => Stored(look) >= plan.Messages * from).ToArray();
        var between = after.Where(look => Stored(look) <= plan.Messages * to).DefaultIfEmpty(after[0]);
        return Rate.Median(between.Select(look => look.Max(m => m.ResidentMb)));
    }

    private static async Task<OpenObjects?> OpenAsync(CancellationToken cancellation)
    {
        if (RunningServices.Management is not { } address)
        {
            return null;
        }

        using var management = new RabbitManagement(address);
        return await management.OpenAsync(cancellation);
    }

    private static long Stored(BenchMark[] marks) => marks.Sum(m => m.Stored);

    private static async Task<(long Rows, long Different)> CountAsync(NpgsqlDataSource source, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand("SELECT count(*), count(DISTINCT image_id) FROM classifications");
        command.CommandTimeout = 0;
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return (reader.GetInt64(0), reader.GetInt64(1));
    }
}
