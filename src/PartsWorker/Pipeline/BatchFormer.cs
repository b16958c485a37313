using System.Threading.Channels;

namespace PartsWorker.Pipeline;

/// <summary>
/// Forms batches late: a batch is cut when live parts fill it, when the device is idle, or, while the device works and has room for a second
/// batch, when it would be full or after the linger. Until then every live part that finishes loading still gets in, and only then do
/// reprocessed ones: so many that a live part never waits long behind them. One batch holds parts of one model.
/// </summary>
internal sealed class BatchFormer(Lanes<Part> loaded, DeviceSlots slots, ReprocessShare share, WakeSignal wake, PipelineOptions options, TimeProvider time)
{
    private readonly ChannelReader<Part> _live = loaded.Live.Reader;
    private readonly ChannelReader<Part> _reprocess = loaded.Reprocess.Reader;

    /// <summary>The next batch, or null once both lanes have ended and are empty.</summary>
    public async ValueTask<PartBatch?> NextAsync(CancellationToken abort)
    {
        if (!await AnythingAsync(abort))
        {
            return null;
        }

        PartBatch? batch = null;
        var started = time.GetTimestamp();
        while (true)
        {
            batch = Take(_live, batch, int.MaxValue);
            var (waited, rest) = (time.GetElapsedTime(started), batch is null ? share.Rest : TimeSpan.Zero);
            if (CutReason(batch, waited, rest) is { } reason)
            {
                batch = Take(_reprocess, batch, share.MostParts)!;
                batch.CutBy = reason;
                return batch;
            }

            if (slots.HasRoom)
            {
                await wake.WaitAsync(rest > TimeSpan.Zero ? rest : options.Linger - waited, time, abort);
            }
            else
            {
                await wake.WaitAsync(abort);
            }
        }
    }

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

            await wake.WaitAsync(abort);
        }
    }

    private string? CutReason(PartBatch? batch, TimeSpan waited, TimeSpan rest)
    {
        var capacity = batch is null ? options.MaxBatch : CapacityOf(batch.Model);
        var live = batch?.Parts.Count ?? 0;
        return live >= capacity ? "full"
            : rest > TimeSpan.Zero ? null
            : slots.Idle ? "idle"
            : !slots.HasRoom ? null
            : live + Math.Min(_reprocess.Count, share.MostParts) >= capacity ? "full"
            : waited >= options.Linger ? "linger"
            : OtherModelWaits(batch) ? "model"
            : null;
    }

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

    private int CapacityOf(Models.IServedModel model) => Math.Min(options.MaxBatch, model.MaxBatch);
}
