using PartsWorker.Harness.Services;

namespace PartsWorker.Bench.Watch;

/// <summary>Figures of a watched run.</summary>
internal sealed record WatchReport
{
    private const double MostGrowth = 0.02;

    public required long Messages { get; init; }

    public required int Workers { get; init; }

    /// <summary>Workers that were killed and replaced.</summary>
    public int Kills { get; init; }

    /// <summary>
    /// Rows in the database; like the number of different images, it equals the number of messages if nothing is lost or duplicated.
    /// </summary>
    public required long Rows { get; init; }

    public required long DifferentImages { get; init; }

    /// <summary>Rate of publishing; NaN if the workers set the pace.</summary>
    public required double PublishedPerSecond { get; init; }

    /// <summary>From the moment all workers are ready to the last commit.</summary>
    public required double ImagesPerSecond { get; init; }

    /// <summary>Processor milliseconds of the workers per image.</summary>
    public required double CpuMsPerImage { get; init; }

    /// <summary>
    /// Memory of the largest worker after a tenth of the rows (if some are killed: of the one that is not); similar to the value at the end
    /// if memory does not grow.
    /// </summary>
    public required double EarlyMb { get; init; }

    public required double LateMb { get; init; }

    public required double PeakMb { get; init; }

    /// <summary>Managed heap of the largest one after a tenth of the rows; a part of <see cref="EarlyMb"/>.</summary>
    public double EarlyHeapMb { get; init; }

    public double LateHeapMb { get; init; }

    public required int EarlyHandles { get; init; }

    public required int LateHandles { get; init; }

    public required int Gen2Collections { get; init; }

    /// <summary>
    /// Memory of that worker at half of the messages, after a collection of all garbage: between collections of the oldest generation, some
    /// 200,000 messages apart, garbage of several MB comes and goes. NaN for a run that was too short.
    /// </summary>
    public required double HalfCollectedMb { get; init; }

    /// <summary>The same at 95 % of the messages.</summary>
    public required double LateCollectedMb { get; init; }

    /// <summary>Growth between these two as a share; NaN for a run that was too short.</summary>
    public double GrowthInSecondHalf => (LateCollectedMb / HalfCollectedMb) - 1;

    /// <summary>Connections and channels of the whole broker at the half and at the end; null if they were not counted.</summary>
    public OpenObjects? HalfOpen { get; init; }

    public OpenObjects? LateOpen { get; init; }

    /// <summary>From the start of a process until it is ready; the slowest of the workers.</summary>
    public double StartToReadySeconds { get; init; }

    /// <summary>Broker, while the queue was filled; only if it was filled first and <see cref="WatchPlan.Services"/> is set.</summary>
    public double? PublishBrokerCpuMs { get; init; }

    /// <summary>Without the first fifth of the messages, in which the programs start and compile.</summary>
    public required SteadyFigures Steady { get; init; }

    /// <summary>Every message is one row.</summary>
    public bool IsComplete => Rows == Messages && DifferentImages == Messages;

    /// <summary>
    /// Describes growth in the second half: memory by more than 2 %, or any growth of connections or channels. Otherwise null.
    /// </summary>
    public string? Growth =>
        LateCollectedMb > HalfCollectedMb * (1 + MostGrowth)
            ? $"memory grew by {GrowthInSecondHalf:0.0 %} in the second half, more than {MostGrowth:0 %}; "
                + "below some 50,000 messages it still warms up"
        : HalfOpen is { } half && LateOpen is { } late && (late.Connections > half.Connections || late.Channels > half.Channels)
            ? $"in the second half connections grew from {half.Connections} to {late.Connections}, "
                + $"channels from {half.Channels} to {late.Channels}"
        : null;
}
