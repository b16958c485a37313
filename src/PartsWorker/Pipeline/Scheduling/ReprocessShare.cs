namespace PartsWorker.Pipeline.Scheduling;

/// <summary>
/// How much of the device reprocessed parts may take. A live part that comes while the device works waits for that run to end, so runs are kept
/// as short as <see cref="PipelineOptions.LiveWait"/>: on a CPU that is a part or two, on a GPU a full batch. And a CPU also fetches, decodes
/// and stores what is live: there no reprocessed part is loaded or run while a live one is on its way, and while live parts come reprocessed ones get
/// one run at a time, and a quarter of the time at most.
/// </summary>
internal sealed class ReprocessShare(PipelineOptions options, WakeSignal wake, TimeProvider time)
{
    // Three parts of rest after one of work.
    private const int RestPerRun = 3;

    // Where live parts are always on their way, this is how often a run begins all the same.
    private static readonly TimeSpan LongestRest = TimeSpan.FromMilliseconds(250);

    // A line that is slower than this waits for one run now and then; a line that stands leaves all of the device to the night's work.
    private static readonly TimeSpan LiveLasts = TimeSpan.FromSeconds(5);

    // A tenth of what is new: one slow run, while something else had the cores, does not change the share.
    private const double Weight = 0.1;
    private readonly Lock _change = new();
    private double _secondsPerPart;
    private long? _lastLive;
    private int _liveInHand;
    private TaskCompletionSource? _liveLeft;
    private long _lastRun;
    private TimeSpan _rest;

    /// <summary>Most reprocessed parts of one run; 1 until a run has been timed.</summary>
    public int MostParts
    {
        get
        {
            lock (_change)
            {
                return _secondsPerPart <= 0 ? 1 : (int)Math.Clamp(options.LiveWait.TotalSeconds / _secondsPerPart, 1, options.MaxBatch);
            }
        }
    }

    /// <summary>How long a run of reprocessed parts alone has to wait; zero or less: it need not.</summary>
    public TimeSpan Rest
    {
        get
        {
            lock (_change)
            {
                var rest = !YieldsToLive ? TimeSpan.Zero : _liveInHand > 0 ? LongestRest : _rest;
                return rest - time.GetElapsedTime(_lastRun);
            }
        }
    }

    /// <summary>Whether runs of reprocessed parts alone must not be there at once: the rest of the CPU is for a live part that comes meanwhile.</summary>
    public bool KeepsToOneRun
    {
        get
        {
            lock (_change)
            {
                return YieldsToLive;
            }
        }
    }

    private bool YieldsToLive => _rest > TimeSpan.Zero && _lastLive is { } live && time.GetElapsedTime(live) < LiveLasts;

    /// <summary>Waits on a CPU until no live part is on its way, and never long.</summary>
    public async Task QuietAsync(CancellationToken cancellation)
    {
        Task? quiet;
        lock (_change)
        {
            quiet = _rest == TimeSpan.Zero || _liveInHand == 0 ? null
                : (_liveLeft ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }

        if (quiet is not null)
        {
            await Task.WhenAny(quiet, Task.Delay(LongestRest, time, cancellation));
            cancellation.ThrowIfCancellationRequested();
        }
    }

    /// <summary>A live message, or a part of it, is on its way.</summary>
    public void LiveBegins()
    {
        lock (_change)
        {
            (_lastLive, _liveInHand) = (time.GetTimestamp(), _liveInHand + 1);
        }
    }

    /// <summary>It is settled, or has become parts that count for themselves.</summary>
    public void LiveEnds()
    {
        lock (_change)
        {
            if (--_liveInHand == 0)
            {
                _liveLeft?.SetResult();
                _liveLeft = null;
            }
        }

        wake.Set();
    }

    /// <summary>Notes how long a run took.</summary>
    /// <param name="parts">Parts of it.</param>
    /// <param name="elapsed">From begin to end.</param>
    /// <param name="restAfter">Whether it was of the kind that rests.</param>
    public void Ran(int parts, TimeSpan elapsed, bool restAfter)
    {
        var each = elapsed.TotalSeconds / parts;
        lock (_change)
        {
            _secondsPerPart = _secondsPerPart <= 0 ? each : _secondsPerPart + (Weight * (each - _secondsPerPart));
            if (restAfter)
            {
                (_lastRun, _rest) = (time.GetTimestamp(), RestPerRun * elapsed);
            }
        }
    }
}
