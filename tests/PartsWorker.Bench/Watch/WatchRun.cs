using System.Diagnostics;
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

    // Shares of the messages after which memory is compared; at the last one the workers are still busy.
    private static readonly double[] Compared = [0.5, 0.95];
    private readonly WatchCrew _crew = new(plan, subjects);
    private readonly StoredRows _stored = new(plan, world.Source);
    private readonly List<WatchLook> _looks = [];
    private readonly List<double> _collectedMb = [];
    private OpenObjects? _half;
    private bool _askedHalf;

    public async Task<WatchReport> RunAsync(CancellationToken cancellation)
    {
        // A wrong address ends the run here, and not after hours.
        await OpenAsync(cancellation);
        await using var publisher = await PartsPublisher.ConnectAsync(world.Rabbit.Publisher("bench"), cancellation);
        var feeder = BenchReferences.OpenFeeder(publisher, plan.Images, time);
        await using var crew = _crew;
        var before = Times();
        var published = plan.FillFirst ? await FillAsync(feeder, cancellation) : double.NaN;
        var publishing = (Times() - before) / plan.Messages;
        await crew.StartAsync(cancellation);
        var started = Stopwatch.GetTimestamp();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var feeding = plan.FillFirst ? Task.CompletedTask : FeedAsync(feeder, ended.Token);
        await WatchAsync(started, cancellation);
        await ended.CancelAsync();
        await feeding.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (feeding.IsFaulted)
        {
            await feeding;
        }

        var report = await SumUpAsync(published, started * 1000.0 / Stopwatch.Frequency, cancellation);
        return report with { PublishBrokerCpuMs = plan.FillFirst ? publishing.Broker.TotalMilliseconds : null };
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
            if (feeder.Published - _stored.Rows < 2 * Chunk)
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
            var marks = await _crew.MarksAsync(cancellation);
            await _stored.UpdateAsync(marks, cancellation);
            var elapsed = Stopwatch.GetElapsedTime(started);
            _looks.Add(new(_stored.Rows, marks, Times()));
            if (elapsed - reported >= plan.ReportInterval || _stored.HasEnded)
            {
                reported = elapsed;
                Report(elapsed, marks);
            }

            if (_stored.HasEnded)
            {
                return;
            }

            await CompareAsync(elapsed, cancellation);
            await Task.Delay(TimeSpan.FromMilliseconds(250), cancellation);
        }
    }

    /// <summary>Measures what must not grow in the second half, at its start and its end.</summary>
    private async Task CompareAsync(TimeSpan elapsed, CancellationToken cancellation)
    {
        if (_collectedMb.Count < Compared.Length && _stored.Rows >= plan.Messages * Compared[_collectedMb.Count])
        {
            _collectedMb.Add(await _crew.CollectedMbAsync(cancellation));
        }

        if (!_askedHalf && elapsed > CountsSettle && _stored.Rows >= plan.Messages / 2)
        {
            _askedHalf = true;
            _half = await TryOpenAsync(cancellation);
        }
    }

    private void Report(TimeSpan elapsed, BenchMark[] marks) => plan.Report(
        $"{elapsed.TotalSeconds,7:0.0} s  {_stored.Rows,9} stored  {_stored.Rows / Math.Max(elapsed.TotalSeconds, 1e-3),8:0.0} images/s  "
        + $"{Lived(marks).Max(m => m.ResidentMb),6:0.0} MB ({Lived(marks).Max(m => m.HeapMb):0.0} heap)  "
        + $"{marks.Max(m => m.Handles)} handles  {marks.Max(m => m.Threads)} threads  "
        + $"{marks.Sum(m => m.Gen2Collections)} gen2{(plan.KillEvery is null ? "" : $"  {_crew.Kills} killed")}");

    private async Task<WatchReport> SumUpAsync(double publishedPerSecond, double readyMs, CancellationToken cancellation)
    {
        var early = (_looks.Find(look => look.Rows >= plan.Messages / 10) ?? _looks[^1]).Marks;
        var last = _looks[^1].Marks;
        var (rows, different) = await _stored.CountImagesAsync(cancellation);
        return new()
        {
            Messages = plan.Messages,
            Workers = plan.Workers,
            Kills = _crew.Kills,
            Rows = rows,
            DifferentImages = different,
            PublishedPerSecond = publishedPerSecond,
            ImagesPerSecond = rows * 1000 / (last.Max(m => m.AtMs) - readyMs),
            CpuMsPerImage = last.Sum(m => m.CpuMs) / rows,
            EarlyMb = Lived(early).Max(m => m.ResidentMb),
            LateMb = Lived(last).Max(m => m.ResidentMb),
            PeakMb = Lived(last).Max(m => m.PeakMb),
            EarlyHeapMb = Lived(early).Max(m => m.HeapMb),
            LateHeapMb = Lived(last).Max(m => m.HeapMb),
            EarlyHandles = early.Max(m => m.Handles),
            LateHandles = last.Max(m => m.Handles),
            Gen2Collections = last.Sum(m => m.Gen2Collections),
            HalfCollectedMb = _collectedMb.Count > 0 ? _collectedMb[0] : double.NaN,
            LateCollectedMb = _collectedMb.Count > 1 ? _collectedMb[1] : double.NaN,
            StartToReadySeconds = _crew.SlowestStart.TotalSeconds,
            Steady = SteadyFigures.Between(_looks, plan.Messages, readyMs),
            HalfOpen = _half,
            LateOpen = await TryOpenAsync(cancellation),
        };
    }

    private ServiceTimes Times() => plan.Services?.Read() ?? default;

    // Only the first worker is never killed; the others are too young to show growth.
    private IEnumerable<BenchMark> Lived(BenchMark[] marks) => plan.KillEvery is null ? marks : marks.Take(1);

    private static Task<OpenObjects?> OpenAsync(CancellationToken cancellation) =>
        ManagementApi.AskAsync(management => management.OpenAsync(cancellation), cancellation);

    // What was measured so far is worth more than these counts.
    private async Task<OpenObjects?> TryOpenAsync(CancellationToken cancellation)
    {
        try
        {
            return await OpenAsync(cancellation);
        }
        catch (BenchException error)
        {
            plan.Report($"connections and channels are not counted: {error.Message}");
            return null;
        }
    }
}
