namespace PartsWorker.Trainer.Data;

/// <summary>Source of training batches: augmented images of a data set, or generated ones in tests.</summary>
internal interface IBatchSource : IDisposable
{
    int BatchSize { get; }

    /// <summary>Side of the square images in pixels.</summary>
    int InputSize { get; }

    int StepsPerEpoch { get; }

    /// <summary>
    /// The next batch, in the order of the steps. Batch t must be a pure function of the seed and t, so that a resumed run ends at the
    /// same weights as an uninterrupted one.
    /// </summary>
    TrainingBatch NextBatch(CancellationToken cancellation);

    /// <summary>Returns a batch, so that its memory can be reused.</summary>
    void Return(TrainingBatch batch);
}
