using PartsWorker.Client;
using PartsWorker.Intake;

namespace PartsWorker.Pipeline.Scheduling;

/// <summary>
/// Measures what <see cref="CutPolicy"/> needs to share the device between the lanes: whether live messages and parts are on their way, and
/// how long runs take. A live part that arrives while the device is busy waits for that run to end, so a run holds only as many reprocessed
/// parts as fit into <see cref="PipelineOptions.LiveWait"/>: on a CPU one or two, on a GPU a full batch.
/// </summary>
internal sealed class ReprocessShare(PipelineOptions options, WakeSignal wake, TimeProvider time)
{
    // A new measurement counts for a tenth, so that one run slowed by other work on the cores barely changes the share.
    private const double Weight = 0.1;
    private readonly Lock _lock = new();
    private double _secondsPerPart;
    private long? _lastLive;
    private int _liveOnTheWay;
    private TaskCompletionSource? _quiet;
    private long _lastRunEnded;
    private TimeSpan _lastRun;

    public ReprocessFacts Facts
    {
        get
        {
            lock (_lock)
            {
                // One part until a run has been timed.
                var most = _secondsPerPart <= 0 ? 1 : (int)Math.Clamp(options.LiveWait.TotalSeconds / _secondsPerPart, 1, options.MaxBatch);
                var sinceLive = _lastLive is { } live ? time.GetElapsedTime(live) : TimeSpan.MaxValue;
                return new(most, _lastRun, time.GetElapsedTime(_lastRunEnded), sinceLive, _liveOnTheWay > 0);
            }
        }
    }

    /// <summary>A message is on its way until its entry is disposed, once; its parts have their own. Only live ones count.</summary>
    public LiveEntry Enter(Delivery delivery)
    {
        if (delivery.Lane != Lane.Live)
        {
            return default;
        }

        lock (_lock)
        {
            _lastLive = time.GetTimestamp();
            _liveOnTheWay++;
        }

        return new LiveEntry(this);
    }

    /// <summary>On a CPU, waits until no live part is on its way, but never longer than <see cref="CutPolicy.LongestRest"/>.</summary>
    public async Task WaitUntilQuietAsync(CancellationToken cancellation)
    {
        Task quiet;
        lock (_lock)
        {
            if (_lastRun == TimeSpan.Zero || _liveOnTheWay == 0)
            {
                return;
            }

            _quiet ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            quiet = _quiet.Task;
        }

        await Task.WhenAny(quiet, Task.Delay(CutPolicy.LongestRest, time, cancellation));
        cancellation.ThrowIfCancellationRequested();
    }

    /// <summary>Records how long a run took.</summary>
    /// <param name="parts">Parts in it, at least 1.</param>
    /// <param name="elapsed">From start to end.</param>
    /// <param name="rests">It was a run of reprocessed parts alone on a CPU, which rests afterwards.</param>
    public void RecordRun(int parts, TimeSpan elapsed, bool rests)
    {
        var each = elapsed.TotalSeconds / parts;
        lock (_lock)
        {
            _secondsPerPart = _secondsPerPart <= 0 ? each : _secondsPerPart + (Weight * (each - _secondsPerPart));
            if (rests)
            {
                _lastRunEnded = time.GetTimestamp();
                _lastRun = elapsed;
            }
        }
    }

    private void Leave()
    {
        lock (_lock)
        {
            if (--_liveOnTheWay == 0)
            {
                _quiet?.SetResult();
                _quiet = null;
            }
        }

        wake.Set();
    }

    /// <summary>A live message or part on its way; the default value counts nothing.</summary>
    internal readonly struct LiveEntry(ReprocessShare? share) : IDisposable
    {
        public void Dispose() => share?.Leave();
    }
}
