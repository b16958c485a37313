namespace PartsWorker.Trainer.Data;

/// <summary>Settings of a <see cref="BatchFeeder"/>.</summary>
internal sealed record BatchFeederOptions
{
    /// <summary>Images per step, 1..4096.</summary>
    public required int BatchSize { get; init; }

    /// <summary>Side of the network's input in pixels.</summary>
    public required int InputSize { get; init; }

    public int Seed { get; init; }

    /// <summary>
    /// Threads that prepare batches ahead of the step, 1..64; default 1: preparing a batch takes much less time than a step.
    /// </summary>
    public int Threads { get; init; } = 1;

    /// <summary>First step to prepare; above 0 when a run is resumed.</summary>
    public long FirstStep { get; init; }

    /// <summary>Share of the draws that pick a class first and then one of its images, 0..1; default 0.3.</summary>
    public double ClassBalance { get; init; } = 0.3;

    public AugmentationOptions Augmentation { get; init; } = AugmentationOptions.Embedder;

    /// <summary>Replaces <see cref="Augmentation"/> from <see cref="FinalFromStep"/> on.</summary>
    public AugmentationOptions? FinalAugmentation { get; init; }

    public long FinalFromStep { get; init; } = long.MaxValue;
}
