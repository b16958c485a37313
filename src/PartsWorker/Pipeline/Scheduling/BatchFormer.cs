using System.Threading.Channels;
using PartsWorker.Intake;
using PartsWorker.Serving;

namespace PartsWorker.Pipeline.Scheduling;

/// <summary>
/// Forms batches as late as possible; <see cref="CutPolicy"/> decides when. Until the cut every live part that finishes loading
/// joins; reprocessed parts join only at the cut, as many as a live part may have to wait for. All parts of a batch belong to one model.
/// This class only reads the lanes and sleeps until a signal or the timer.
/// </summary>
internal sealed class BatchFormer : IDisposable
{
    private readonly ChannelReader<Part> _live;
    private readonly ChannelReader<Part> _reprocess;
    private readonly Lanes<Delivery> _received;
    private readonly DeviceSlots _slots;
    private readonly ReprocessShare _share;
    private readonly WakeSignal _wake;
    private readonly PipelineOptions _options;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;

    public BatchFormer(
        Lanes<Delivery> received, Lanes<Part> loaded, DeviceSlots slots, ReprocessShare share, WakeSignal wake, PipelineOptions options,
        TimeProvider time)
    {
        _received = received;
        _live = loaded.Live.Reader;
        _reprocess = loaded.Reprocess.Reader;
        _slots = slots;
        _share = share;
        _wake = wake;
        _options = options;
        _time = time;
        _timer = time.CreateTimer(static wake => ((WakeSignal)wake!).Set(), wake, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The next batch, or null once both lanes have ended and are empty.</summary>
    public async ValueTask<PartBatch?> NextAsync(CancellationToken abort)
    {
        if (!await WaitForPartAsync(abort))
        {
            return null;
        }

        PartBatch? batch = null;
        var started = _time.GetTimestamp();
        while (true)
        {
            batch = Take(_live, batch, int.MaxValue);
            var now = Look(batch, _time.GetElapsedTime(started));
            var decision = CutPolicy.Decide(now, _options);
            if (decision.Reason is { } reason)
            {
                batch = Take(_reprocess, batch, now.Share.MostParts)!;
                batch.CutBy = reason;
                return batch;
            }

            // A timer that fires late, into the next wait, only makes the loop decide once more.
            _timer.Change(decision.Delay, Timeout.InfiniteTimeSpan);
            await _wake.WaitAsync(abort);
        }
    }

    public void Dispose() => _timer.Dispose();

    /// <summary>Waits for a part in either lane; false once both have ended.</summary>
    private async ValueTask<bool> WaitForPartAsync(CancellationToken abort)
    {
        while (true)
        {
            // Completion is read before the lanes, so a part written between the two reads is still seen.
            var ended = _live.Completion.IsCompleted && _reprocess.Completion.IsCompleted;
            if (_live.TryPeek(out _) || _reprocess.TryPeek(out _))
            {
                return true;
            }

            if (ended)
            {
                return false;
            }

            await _wake.WaitAsync(abort);
        }
    }

    private Situation Look(PartBatch? batch, TimeSpan waited) => new()
    {
        HasRoom = _slots.HasRoomFor(batch?.Model ?? (_reprocess.TryPeek(out var next) ? next.Model : null)),
        DeviceIdle = _slots.Idle,
        Capacity = batch is null ? _options.MaxBatch : CapacityOf(batch.Model),
        Live = batch?.Parts.Count ?? 0,
        Reprocess = ReprocessThatJoins(batch),
        LiveMessages = _received.Live.Reader.Count,
        ReprocessMessages = _received.Reprocess.Reader.Count,
        OtherModelNext = batch is not null && OtherModelNext(batch.Model),
        Waited = waited,
        Share = _share.Facts,
    };

    // A batch that is not cut yet holds live parts only. Reprocessed parts of another model wait for a batch of their own.
    private bool OtherModelNext(IServedModel model) => _live.TryPeek(out var next) && !ReferenceEquals(next.Model, model);

    private int ReprocessThatJoins(PartBatch? batch) =>
        batch is not null && _reprocess.TryPeek(out var next) && !ReferenceEquals(next.Model, batch.Model) ? 0 : _reprocess.Count;

    /// <summary>Moves parts of the batch's model from a lane; without a batch the first part decides which model gets one.</summary>
    private PartBatch? Take(ChannelReader<Part> lane, PartBatch? batch, int most)
    {
        for (var taken = 0; taken < most && lane.TryPeek(out var next); taken++)
        {
            batch ??= new PartBatch(next.Model, CapacityOf(next.Model));
            if (batch.Parts.Count >= CapacityOf(batch.Model) || !ReferenceEquals(next.Model, batch.Model) || !lane.TryRead(out next))
            {
                break;
            }

            batch.Parts.Add(next);
        }

        return batch;
    }

    private int CapacityOf(IServedModel model) => Math.Min(_options.MaxBatch, model.MaxBatch);
}
