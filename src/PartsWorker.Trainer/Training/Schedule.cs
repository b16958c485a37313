namespace PartsWorker.Trainer.Training;

/// <summary>How the learning rate changes after the warm-up.</summary>
internal enum ScheduleKind
{
    /// <summary>Cosine decay to zero.</summary>
    Cosine,

    /// <summary>Divided by ten at each milestone.</summary>
    Step,

    /// <summary>Multiplied by a factor when the validation loss stops falling.</summary>
    Plateau,

    Constant,
}

/// <summary>Learning rate and margin over a run.</summary>
internal sealed record Schedule
{
    public ScheduleKind Kind { get; init; } = ScheduleKind.Cosine;

    /// <summary>Steps over which the rate rises linearly from zero.</summary>
    public int WarmupSteps { get; init; } = 100;

    /// <summary>Shares of the run at which <see cref="ScheduleKind.Step"/> divides the rate by ten.</summary>
    public double[] Milestones { get; init; } = [0.6, 0.75, 0.9];

    /// <summary>Factor by which <see cref="ScheduleKind.Plateau"/> multiplies the rate.</summary>
    public float PlateauFactor { get; init; } = 0.1f;

    /// <summary>Validations without improvement before it does so.</summary>
    public int PlateauPatience { get; init; } = 3;

    /// <summary>The margin is zero until this share of the run ...</summary>
    public double MarginFrom { get; init; } = 0.1;

    /// <summary>... and complete from this share on. With few classes, a full margin on random weights makes training diverge.</summary>
    public double MarginTo { get; init; } = 0.45;

    /// <summary>
    /// Factor on the peak rate at a step and share of the run; <paramref name="plateaus"/> = number of plateaus so far.
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

    /// <summary>Factor on the margin at a share of the run.</summary>
    public float Margin(double share) =>
        MarginTo <= MarginFrom ? 1 : (float)Math.Clamp((share - MarginFrom) / (MarginTo - MarginFrom), 0, 1);
}
