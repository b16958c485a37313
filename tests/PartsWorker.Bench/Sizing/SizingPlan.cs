using PartsWorker.Bench.Costs;

namespace PartsWorker.Bench.Sizing;

/// <summary>How much of everything a number of images per second needs.</summary>
internal sealed record SizingPlan
{
    public required SizingRequest Request { get; init; }

    public required ImageCost Image { get; init; }

    public required ModelCost Model { get; init; }

    public required int Workers { get; init; }

    public required double WorkerMb { get; init; }

    /// <summary>Null: the model was not measured on a GPU.</summary>
    public int? Gpus { get; init; }

    /// <summary>Worlds (<c>Rabbit:Prefix</c>), because one queue runs on one core of the broker.</summary>
    public required int Worlds { get; init; }

    public required int BrokerCores { get; init; }

    public required double BacklogMessages { get; init; }

    public required double BacklogDiskGb { get; init; }

    public required double BacklogMemoryGb { get; init; }

    public required int Databases { get; init; }

    /// <summary>Of each database.</summary>
    public required int DatabaseCores { get; init; }

    public required double ImagesPerDay { get; init; }

    /// <summary>Tables and indexes of all databases.</summary>
    public required double DatabaseGbPerMillion { get; init; }

    public required double WalMbPerSecond { get; init; }

    public required double StorageGbit { get; init; }

    public required double ServicesGbit { get; init; }

    /// <summary>The resource that saturates first comes first.</summary>
    public required IReadOnlyList<Ceiling> Ceilings { get; init; }

    /// <summary>What the figures do not cover.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    public double DatabaseGbPerDay => ImagesPerDay / 1e6 * DatabaseGbPerMillion;

    public bool Reaches => Ceilings[0].ImagesPerSecond >= Request.ImagesPerSecond;
}

/// <summary>A resource of a plan, and the images per second at which it is used up to the allowed share.</summary>
internal sealed record Ceiling(string Resource, double ImagesPerSecond);
