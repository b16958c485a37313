namespace PartsWorker.Trainer.Data;

/// <summary>Where training batches come from: augmented images of a data set, or made-up ones in tests and benchmarks.</summary>
internal interface IBatchSource : IDisposable
{
    int BatchSize { get; }

    /// <summary>Side of the square images in pixels.</summary>
    int InputSize { get; }

    int StepsPerEpoch { get; }

    /// <summary>
    /// The next batch, in the order of the steps. Batch t must be a pure function of the seed and t: a run that is resumed then
    /// continues to the same weights as one that was never interrupted.
    /// </summary>
    TrainingBatch Take(CancellationToken cancellation);

    /// <summary>Gives a batch back so that its memory can hold a later one.</summary>
    void Return(TrainingBatch batch);
}
