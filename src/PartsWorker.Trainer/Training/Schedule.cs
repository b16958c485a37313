namespace PartsWorker.Trainer.Training;

/// <summary>How the learning rate moves after its warm-up.</summary>
internal enum ScheduleKind
{
    /// <summary>Half a cosine down to zero.</summary>
    Cosine,

    /// <summary>Divided by ten at each milestone.</summary>
    Step,

    /// <summary>Multiplied by a factor whenever the validation loss stops falling.</summary>
    Plateau,

    Constant,
}

/// <summary>Learning rate and margin over the run.</summary>
internal sealed record Schedule
{
    public ScheduleKind Kind { get; init; } = ScheduleKind.Cosine;

    /// <summary>Steps over which the rate rises linearly from zero.</summary>
    public int WarmupSteps { get; init; } = 100;

    /// <summary>Shares of the run at which <see cref="ScheduleKind.Step"/> divides the rate by ten.</summary>
    public double[] Milestones { get; init; } = [0.6, 0.75, 0.9];

    /// <summary>What <see cref="ScheduleKind.Plateau"/> multiplies the rate with.</summary>
    public float PlateauFactor { get; init; } = 0.1f;

    /// <summary>Validations without progress before it does.</summary>
    public int PlateauPatience { get; init; } = 3;

    /// <summary>The margin is zero until this share of the run ...</summary>
    public double MarginFrom { get; init; } = 0.1;

    /// <summary>... and complete from this one on. Few classes diverge when a full margin meets random weights.</summary>
    public double MarginTo { get; init; } = 0.45;

    /// <summary>
    /// Share of the peak rate at a step and at a share of the run; <paramref name="plateaus"/> = how often the validation loss has stalled.
    /// </summary>
    public float Rate(long step, double share, int plateaus)
    {
        var rise = step < WarmupSteps ? (step + 1f) / WarmupSteps : 1;
        return rise * Kind switch
        {
            ScheduleKind.Cosine => (float)(0.5 * (1 + Math.Cos(Math.PI * Math.Min(1, share)))),
            ScheduleKind.Step => MathF.Pow(0.1f, Milestones.Count(m => share >= m)),
            ScheduleKind.Plateau => MathF.Pow(PlateauFactor, plateaus),
            _ => 1,
        };
    }

    /// <summary>Share of the margin at a share of the run.</summary>
    public float Margin(double share) =>
        MarginTo <= MarginFrom ? 1 : (float)Math.Clamp((share - MarginFrom) / (MarginTo - MarginFrom), 0, 1);
}
