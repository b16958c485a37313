using PartsWorker.Trainer.Data;

namespace PartsWorker.Trainer.Training;

/// <summary>One stage of a preset: its run without the figures that only the data set knows.</summary>
internal sealed record StagePlan(TrainingOptions Options)
{
    /// <summary>Stage two starts from the layers that stage one of the same run has learned, where both have the same network.</summary>
    public bool AfterStageOne { get; init; }

    /// <summary>The options that the command line sets.</summary>
    public IReadOnlyList<GivenOption> Given { get; init; } = [];

    /// <summary>The same stage with images varied in another way.</summary>
    public StagePlan For(AugmentationOptions augmentation, int epochs) =>
        this with { Options = Options with { Augmentation = augmentation, Epochs = epochs } };
}
