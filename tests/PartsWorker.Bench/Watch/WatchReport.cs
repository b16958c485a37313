using PartsWorker.Harness.Services;

namespace PartsWorker.Bench.Watch;

/// <summary>Figures of a watched run.</summary>
internal sealed record WatchReport
{
    private const double MostGrowth = 0.02;

    public required long Messages { get; init; }

    public required int Workers { get; init; }

    /// <summary>Rows in the database and different images among them, counted there: equal to the messages when nothing is lost or doubled.</summary>
    public required long Rows { get; init; }

    public required long DifferentImages { get; init; }

    /// <summary>Rate of filling; not a number where the workers set the pace.</summary>
    public required double PublishedPerSecond { get; init; }

    /// <summary>From the moment all workers are ready to the last commit.</summary>
    public required double ImagesPerSecond { get; init; }

    /// <summary>Processor milliseconds of the workers per image.</summary>
    public required double CpuMsPerImage { get; init; }

    /// <summary>Largest worker after a tenth of the rows, and at the end: flat when they are alike.</summary>
    public required double EarlyMb { get; init; }

    public required double LateMb { get; init; }

    public required double PeakMb { get; init; }

    public required int EarlyHandles { get; init; }

    public required int LateHandles { get; init; }

    public required int Gen2Collections { get; init; }

    /// <summary>Growth of the largest worker, as a share: its median in the last tenth against that in the tenth before the half.</summary>
    public required double GrowthInSecondHalf { get; init; }

    /// <summary>Connections and channels on the whole broker at the half and at the end; null where they were not counted.</summary>
    public OpenObjects? HalfOpen { get; init; }

    public OpenObjects? LateOpen { get; init; }

    /// <summary>Every message is one row.</summary>
    public bool IsComplete => Rows == Messages && DifferentImages == Messages;

    /// <summary>What still grows in the second half: memory by more than 2 %, connections or channels at all. Null when nothing does.</summary>
    public string? Growth =>
        GrowthInSecondHalf > MostGrowth
            ? $"memory grew by {GrowthInSecondHalf:0.0 %} in the second half, more than {MostGrowth:0 %}; "
                + "below some 50,000 messages it still warms up"
        : HalfOpen is { } half && LateOpen is { } late && (late.Connections > half.Connections || late.Channels > half.Channels)
            ? $"in the second half connections grew from {half.Connections} to {late.Connections}, channels from {half.Channels} to {late.Channels}"
        : null;
}
