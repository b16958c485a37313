using PartsWorker.Trainer.Data;

namespace PartsWorker.Trainer.Training;

/// <summary>The options of one network in a preset, without the values that depend on the data set.</summary>
internal sealed record StagePlan(TrainingOptions Options)
{
    /// <summary>Start from the embedder of the same run, if both have the same network.</summary>
    public bool AfterStageOne { get; init; }

    /// <summary>The options given on the command line.</summary>
    public IReadOnlyList<GivenOption> Given { get; init; } = [];

    /// <summary>The same plan with other augmentation and length.</summary>
    public StagePlan For(AugmentationOptions augmentation, int epochs) =>
        this with { Options = Options with { Augmentation = augmentation, Epochs = epochs } };
}
