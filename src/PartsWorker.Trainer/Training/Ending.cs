namespace PartsWorker.Trainer.Training;

/// <summary>How a run ended.</summary>
internal enum Ending
{
    Complete,

    /// <summary>Validation stopped getting better.</summary>
    Early,

    /// <summary>Asked to stop; the checkpoint continues from here.</summary>
    Interrupted,
}
