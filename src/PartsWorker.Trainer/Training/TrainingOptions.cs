using PartsWorker.Inference;
using PartsWorker.Trainer.Data;
using PartsWorker.Trainer.Losses;
using PartsWorker.Trainer.Networks;
using PartsWorker.Trainer.Training.Steps;

namespace PartsWorker.Trainer.Training;

/// <summary>
/// One stage's run: what is trained, with which loss, for how long. Stored in the checkpoint, so that a resume needs no options.
/// </summary>
internal sealed record TrainingOptions
{
    /// <summary>Name of the preset it was made from.</summary>
    public string Preset { get; init; } = string.Empty;

    public required NetworkSpec Network { get; init; }

    public LossSpec Loss { get; init; } = new();

    public OptimizerOptions Optimizer { get; init; } = new();

    public Schedule Schedule { get; init; } = new();

    public int BatchSize { get; init; } = 64;

    /// <summary>How the images are varied.</summary>
    public AugmentationOptions Augmentation { get; init; } = AugmentationOptions.None;

    /// <summary>Share of each class set aside for validation, 0..0.5.</summary>
    public double ValidationShare { get; init; } = 0.1;

    /// <summary>How often each image is shown; 0 = the length is given in steps.</summary>
    public int Epochs { get; init; }

    /// <summary>Length of the run in steps; 0 = follows from the epochs and the number of images.</summary>
    public long Steps { get; init; }

    /// <summary>Steps that show every image about once; 0 while the number of images is unknown.</summary>
    public int StepsPerEpoch { get; init; }

    /// <summary>
    /// Length in minutes of training instead, 0 = by steps: the schedules then follow the clock, and a repeat gives similar, not equal,
    /// weights.
    /// </summary>
    public double Minutes { get; init; }

    /// <summary>Decay of the averaged weights per step; 0 = the last weights are used.</summary>
    public float Averaging { get; init; } = 0.998f;

    /// <summary>Decides starting weights, masks, order of the images and augmentation.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Prefixes of the parameters that keep their values.</summary>
    public string[] Freeze { get; init; } = [];

    /// <summary>Steps between validations; 0 = only at the end.</summary>
    public int ValidateEvery { get; init; }

    /// <summary>Validations without progress before the run ends early; 0 = never.</summary>
    public int Patience { get; init; }

    /// <summary>Steps between checkpoints.</summary>
    public int CheckpointEvery { get; init; } = 200;

    public int Threads { get; init; }

    /// <summary>CPU or CUDA.</summary>
    public ExecutionDevice Device { get; init; } = ExecutionDevice.Cpu;

    /// <summary>File or bundle folder whose weights the run starts from; null = random weights.</summary>
    public string? Weights { get; init; }

    /// <summary>Share of the run that is done, 0..1.</summary>
    public double ShareDone(Progress progress) => Minutes > 0 ? progress.Seconds / (Minutes * 60) : progress.Step / (double)Steps;
}
