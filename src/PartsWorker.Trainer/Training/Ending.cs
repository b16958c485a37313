namespace PartsWorker.Trainer.Training;

/// <summary>How a run ended.</summary>
internal enum Ending
{
    Complete,

    /// <summary>Validation stopped improving.</summary>
    Early,

    /// <summary>Stopped by a signal; the checkpoint allows the run to continue.</summary>
    Interrupted,
}
