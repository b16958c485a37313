namespace PartsWorker.Bench.Measured;

/// <summary>
/// The figures of a measured process at one moment; two of them give a rate. Counters have their values of the last commit before the
/// request.
/// </summary>
internal sealed record BenchMark
{
    /// <summary>Rows committed so far.</summary>
    public long Stored { get; init; }

    /// <summary>Time of the last of these commits, in milliseconds of a monotonic clock.</summary>
    public double AtMs { get; init; }

    /// <summary>Processor time of the process until then.</summary>
    public double CpuMs { get; init; }

    /// <summary>Managed bytes allocated until then.</summary>
    public long AllocatedBytes { get; init; }

    public int Gen2Collections { get; init; }

    /// <summary>
    /// Memory that the managed heap held after its last collection; the rest of the resident memory is code and native memory.
    /// </summary>
    public double HeapMb { get; init; }

    public double ResidentMb { get; init; }

    public double PeakMb { get; init; }

    public int Threads { get; init; }

    public int Handles { get; init; }

    /// <summary>Session creation and warm-up of a process that does nothing else; 0 for a worker.</summary>
    public double SessionMs { get; init; }

    /// <summary>From capture (= publish) to commit, of the rows since the last mark; null without rows.</summary>
    public LatencyFigures? Latency { get; init; }

    public string? Failure { get; init; }
}

/// <summary>Percentiles in milliseconds.</summary>
internal sealed record LatencyFigures(int Images, double P50Ms, double P95Ms, double P99Ms)
{
    public static LatencyFigures? Of(float[] milliseconds)
    {
        if (milliseconds.Length == 0)
        {
            return null;
        }

        Array.Sort(milliseconds);
        return new(milliseconds.Length, At(0.5), At(0.95), At(0.99));

        double At(double share) => milliseconds[(int)Math.Min(milliseconds.Length - 1, share * milliseconds.Length)];
    }
}
