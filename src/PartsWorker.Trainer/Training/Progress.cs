namespace PartsWorker.Trainer.Training;

/// <summary>Progress of a run.</summary>
internal sealed record Progress
{
    /// <summary>Completed steps.</summary>
    public long Step { get; init; }

    public double BestValidation { get; init; } = double.PositiveInfinity;

    /// <summary>Validations since the best one.</summary>
    public int Stalled { get; init; }

    /// <summary>How often <see cref="ScheduleKind.Plateau"/> has lowered the learning rate.</summary>
    public int Plateaus { get; init; }

    /// <summary>Seconds of training.</summary>
    public double Seconds { get; init; }
}
