using PartsWorker.Bench.Costs;

namespace PartsWorker.Bench.Sizing;

/// <summary>A burst of images, a worker's speed, and the settings of the ScaledObject.</summary>
internal sealed record ScalePlan
{
    private const double UsualPodSeconds = 5;

    public double ImagesPerSecond { get; init; }

    public int BurstSeconds { get; init; } = 600;

    /// <summary>Arrivals after the burst.</summary>
    public double AfterPerSecond { get; init; }

    public required double WorkerPerSecond { get; init; }

    /// <summary>From the autoscaler's decision until the new worker takes messages.</summary>
    public required double StartSeconds { get; init; }

    /// <summary><c>value</c> of the trigger: messages per worker.</summary>
    public double QueueLength { get; init; } = 2000;

    public int MinWorkers { get; init; } = 1;

    public int MaxWorkers { get; init; } = 4;

    public int StabilizationSeconds { get; init; } = 300;

    public int RemovalSeconds { get; init; } = 60;

    /// <summary>Seconds after which the calculation ends anyway.</summary>
    public int Limit { get; init; } = 6 * 3600;

    /// <summary>A worker of the cost table.</summary>
    /// <exception cref="UserErrorException">The table knows neither this size nor this model.</exception>
    public static ScalePlan Of(CostTable table, string model, string size, int cores, double podSeconds) => new()
    {
        WorkerPerSecond = cores * 1000 / ImageCost.WithFullQueue(table, model, size).Worker,
        StartSeconds = podSeconds + ImageCost.ModelNamed(table, model).StartSeconds,
    };

    /// <summary>Three times as many images as one worker of two cores takes, for ten minutes.</summary>
    public static ScalePlan Example(CostTable table)
    {
        var worker = Of(table, table.Models[^1].Name, table.Pictures[1].Size, cores: 2, UsualPodSeconds);
        return worker with { ImagesPerSecond = Math.Round(worker.WorkerPerSecond * 3) };
    }
}

/// <summary>The state after one second.</summary>
/// <param name="Second">Since the start of the burst.</param>
/// <param name="Queue">Messages that wait.</param>
/// <param name="Ready">Workers that take messages.</param>
/// <param name="Workers">With those that are starting.</param>
internal sealed record ScaleMoment(int Second, double Queue, int Ready, int Workers);
