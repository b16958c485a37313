namespace PartsWorker.Trainer.Training;

/// <summary>The two networks of a bundle.</summary>
internal enum Stage
{
    /// <summary>The embedder.</summary>
    One,

    /// <summary>The meta model: color and shape.</summary>
    Two,
}
