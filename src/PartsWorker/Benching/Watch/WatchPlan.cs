namespace PartsWorker.Benching;

/// <summary>A long run that is watched instead of timed in windows.</summary>
internal sealed record WatchPlan
{
    /// <summary>Bundle folder; null = the stand-in model.</summary>
    public string? Bundle { get; init; }

    /// <summary>All references are published before the workers start; otherwise they are published while the workers work, few ahead of them.</summary>
    public bool FillFirst { get; init; }

    public required long Messages { get; init; }

    /// <summary>Processes on this machine.</summary>
    public int Workers { get; init; } = 1;

    public required IReadOnlyList<string> Images { get; init; }

    /// <summary>Time between two lines.</summary>
    public TimeSpan Look { get; init; } = TimeSpan.FromSeconds(10);

    public Action<string> Say { get; init; } = _ => { };
}

/// <summary>What a watched run came to.</summary>
internal sealed record WatchReport
{
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
}
