using System.Threading.Channels;
using PartsWorker.Intake;
using PartsWorker.Serving;

namespace PartsWorker.Pipeline.Scheduling;

/// <summary>
/// Forms batches late. While live messages wait to be loaded throughput counts, and even an idle device waits a little for its batch to fill.
/// Where none waits latency counts: an idle device gets what is there at once, a busy one with room for a second batch after the linger. Until
/// the cut every live part that finishes loading still gets in, and only then do reprocessed ones: so many that a live part never waits long
/// behind them. One batch holds parts of one model, and none is cut while the device has no room for it.
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
        Lanes<Delivery> received, Lanes<Part> loaded, DeviceSlots slots, ReprocessShare share, WakeSignal wake, PipelineOptions options, TimeProvider time)
    {
        (_received, _live, _reprocess) = (received, loaded.Live.Reader, loaded.Reprocess.Reader);
        (_slots, _share, _wake, _options, _time) = (slots, share, wake, options, time);
        _timer = time.CreateTimer(static wake => ((WakeSignal)wake!).Set(), wake, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The next batch, or null once both lanes have ended and are empty.</summary>
    public async ValueTask<PartBatch?> NextAsync(CancellationToken abort)
    {
        if (!await AnythingAsync(abort))
        {
            return null;
        }

        PartBatch? batch = null;
        var started = _time.GetTimestamp();
        while (true)
        {
            batch = Take(_live, batch, int.MaxValue);
            var (waited, rest) = (_time.GetElapsedTime(started), batch is null ? _share.Rest : TimeSpan.Zero);
            if (CutReason(batch, waited, rest) is { } reason)
            {
                batch = Take(_reprocess, batch, _share.MostParts)!;
                batch.CutBy = reason;
                return batch;
            }

            if (_slots.HasRoomFor(NextModel(batch)))
            {
                // A timer that fires late, into the next wait, only makes it look once more.
                _timer.Change(Left(waited, rest), Timeout.InfiniteTimeSpan);
            }

            await _wake.WaitAsync(abort);
        }
    }

    public void Dispose() => _timer.Dispose();

    /// <summary>Waits for a part in either lane; false once both have ended.</summary>
    private async ValueTask<bool> AnythingAsync(CancellationToken abort)
    {
        while (true)
        {
            // Completion is read before the queues: a part written between the two looks is then still seen.
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

    private string? CutReason(PartBatch? batch, TimeSpan waited, TimeSpan rest)
    {
        var capacity = batch is null ? _options.MaxBatch : CapacityOf(batch.Model);
        var live = batch?.Parts.Count ?? 0;
        return !_slots.HasRoomFor(NextModel(batch)) ? null
            : live >= capacity ? "full"
            : rest > TimeSpan.Zero || (batch is null && !_slots.Idle && _share.KeepsToOneRun) ? null
            : _slots.Idle && (waited >= _options.Fill || !MoreWait(batch)) ? "idle"
            : live + Math.Min(_reprocess.Count, _share.MostParts) >= capacity ? "full"
            : !_slots.Idle && waited >= _options.Linger ? "linger"
            : OtherModelWaits(batch) ? "model"
            : null;
    }

    // The device may have become free since the cut was refused, and then it is late already.
    private TimeSpan Left(TimeSpan waited, TimeSpan rest)
    {
        var left = rest > TimeSpan.Zero ? rest : (_slots.Idle ? _options.Fill : _options.Linger) - waited;
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    /// <summary>Whether messages wait whose parts this batch could still take.</summary>
    private bool MoreWait(PartBatch? batch) =>
        _received.Live.Reader.Count > 0 || (batch is null && _received.Reprocess.Reader.Count > 0 && _reprocess.Count < _share.MostParts);

    private IServedModel? NextModel(PartBatch? batch) => batch?.Model ?? (_reprocess.TryPeek(out var next) ? next.Model : null);

    private bool OtherModelWaits(PartBatch? batch) =>
        batch is not null && (_live.TryPeek(out var next) || _reprocess.TryPeek(out next)) && !ReferenceEquals(next.Model, batch.Model);

    /// <summary>Moves parts of the batch's model from a lane; where there is no batch yet, the first part decides for which model there is one.</summary>
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
