using System.Threading.Channels;

namespace PartsWorker.Pipeline;

/// <summary>
/// Forms batches late: a batch is cut when it is full, when the device is idle, or, while the device works and has room for a second batch,
/// after the linger. Until then every part that finishes loading still gets in. One batch holds parts of one model; live parts go first.
/// </summary>
internal sealed class BatchFormer(Lanes<Part> loaded, DeviceSlots slots, WakeSignal wake, PipelineOptions options, TimeProvider time)
{
    private readonly ChannelReader<Part> _live = loaded.Live.Reader;
    private readonly ChannelReader<Part> _reprocess = loaded.Reprocess.Reader;

    /// <summary>The next batch, or null once both lanes have ended and are empty.</summary>
    public async ValueTask<PartBatch?> NextAsync(CancellationToken abort)
    {
        if (await FirstAsync(abort) is not { } first)
        {
            return null;
        }

        var capacity = Math.Min(options.MaxBatch, first.Model.MaxBatch);
        var batch = new PartBatch(first.Model, capacity);
        batch.Parts.Add(first);
        await FillAsync(batch, capacity, abort);
        return batch;
    }

    private async ValueTask<Part?> FirstAsync(CancellationToken abort)
    {
        while (true)
        {
            // Completion is read before the queues: a part written between the two looks is then still seen.
            var ended = _live.Completion.IsCompleted && _reprocess.Completion.IsCompleted;
            if (_live.TryRead(out var part) || _reprocess.TryRead(out part))
            {
                return part;
            }

            if (ended)
            {
                return null;
            }

            await wake.WaitAsync(abort);
        }
    }

    private async ValueTask FillAsync(PartBatch batch, int capacity, CancellationToken abort)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            while (batch.Parts.Count < capacity && (TryTake(_live, batch) || TryTake(_reprocess, batch)))
            {
            }

            var waited = time.GetElapsedTime(started);
            if (CutReason(batch, capacity, waited) is { } reason)
            {
                batch.CutBy = reason;
                return;
            }

            if (slots.HasRoom)
            {
                await wake.WaitAsync(options.Linger - waited, time, abort);
            }
            else
            {
                await wake.WaitAsync(abort);
            }
        }
    }

    private string? CutReason(PartBatch batch, int capacity, TimeSpan waited) =>
        batch.Parts.Count >= capacity ? "full"
        : slots.Idle ? "idle"
        : slots.HasRoom && waited >= options.Linger ? "linger"
        : slots.HasRoom && OtherModelWaits(batch) ? "model"
        : null;

    private bool OtherModelWaits(PartBatch batch) =>
        (_live.TryPeek(out var next) || _reprocess.TryPeek(out next)) && !ReferenceEquals(next.Model, batch.Model);

    private static bool TryTake(ChannelReader<Part> lane, PartBatch batch)
    {
        if (!lane.TryPeek(out var next) || !ReferenceEquals(next.Model, batch.Model) || !lane.TryRead(out next))
        {
            return false;
        }

        batch.Parts.Add(next);
        return true;
    }
}
