namespace PartsWorker.Pipeline;

/// <summary>
/// How many reprocessed parts one run may take. A live part that comes while the device works waits for that run to end, so the runs are kept
/// as short as <see cref="PipelineOptions.LiveWait"/>: on a CPU that is a part or two, on a GPU a full batch.
/// </summary>
internal sealed class ReprocessShare(PipelineOptions options)
{
    // A tenth of what is new: one slow run, while something else had the cores, does not change the share.
    private const double Weight = 0.1;
    private double _secondsPerPart;

    /// <summary>1 until a run has been timed.</summary>
    public int MostParts
    {
        get
        {
            var each = Volatile.Read(ref _secondsPerPart);
            return each <= 0 ? 1 : (int)Math.Clamp(options.LiveWait.TotalSeconds / each, 1, options.MaxBatch);
        }
    }

    /// <summary>Notes how long a run of so many parts took.</summary>
    public void Ran(int parts, TimeSpan elapsed)
    {
        var (before, now) = (Volatile.Read(ref _secondsPerPart), elapsed.TotalSeconds / parts);
        Volatile.Write(ref _secondsPerPart, before <= 0 ? now : before + (Weight * (now - before)));
    }
}
