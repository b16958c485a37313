using PartsWorker.Trainer.Losses;
using PartsWorker.Trainer.Networks;

namespace PartsWorker.Trainer.Training;

/// <summary>One stage's run: what is trained, with which loss, for how long. Stored in the checkpoint, so that a resume needs no options.</summary>
internal sealed record TrainingOptions
{
    public required NetworkSpec Network { get; init; }

    public LossSpec Loss { get; init; } = new();

    public OptimizerOptions Optimizer { get; init; } = new();

    public Schedule Schedule { get; init; } = new();

    public int BatchSize { get; init; } = 64;

    /// <summary>Length of the run in steps.</summary>
    public required long Steps { get; init; }

    /// <summary>Length in minutes of training instead, 0 = by steps: the schedules then follow the clock, and a repeat gives similar, not equal, weights.</summary>
    public double Minutes { get; init; }

    /// <summary>Decay of the averaged weights per step; 0 = the last weights are used.</summary>
    public float Averaging { get; init; } = 0.998f;

    /// <summary>Decides starting weights, masks, order of the images and augmentation.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Parameters whose names begin so keep their values.</summary>
    public string[] Freeze { get; init; } = [];

    /// <summary>Steps between validations; 0 = only at the end.</summary>
    public int ValidateEvery { get; init; }

    /// <summary>Validations without progress before the run ends early; 0 = never.</summary>
    public int Patience { get; init; }

    /// <summary>Steps between checkpoints.</summary>
    public int CheckpointEvery { get; init; } = 200;

    public int Threads { get; init; }

    public string Device { get; init; } = "cpu";
}
