namespace PartsWorker.Bench.Sizing;

/// <summary>What is to be sized.</summary>
internal sealed record SizingRequest
{
    public required double ImagesPerSecond { get; init; }

    /// <summary>A measured size such as <c>5MP</c>, or megapixels between the smallest and the largest measured size.</summary>
    public required string Size { get; init; }

    /// <summary>Name of a model in the cost table.</summary>
    public required string Model { get; init; }

    /// <summary>Share of every resource that may be used; the rest is for peaks, restarts and the error of the calculation.</summary>
    public double Utilization { get; init; } = 0.7;

    /// <summary>Cores of one worker process.</summary>
    public int WorkerCores { get; init; } = 4;

    /// <summary>Number of worker processes; null = as many as needed.</summary>
    public int? Workers { get; init; }

    /// <summary>Speed of a core relative to the measured machine.</summary>
    public double CoreSpeed { get; init; } = 1;

    public double HoursPerDay { get; init; } = 24;

    /// <summary>How long rows are kept.</summary>
    public int KeepDays { get; init; } = 400;

    /// <summary>The queue must hold the messages of so many hours while workers or database are away.</summary>
    public double BacklogHours { get; init; } = 1;

    /// <summary>Bandwidth of the network of the image storage.</summary>
    public double NetworkGbit { get; init; } = 10;
}
