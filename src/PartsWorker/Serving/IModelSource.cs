using PartsWorker.Client;

namespace PartsWorker.Serving;

/// <summary>Decides which model classifies a message.</summary>
internal interface IModelSource
{
    /// <summary>Polls which model SQL names as active, and changes over to it, until <paramref name="stopping"/>.</summary>
    Task PollServingAsync(CancellationToken stopping);

    /// <summary>Returns when a model is loaded.</summary>
    Task WaitUntilLoadedAsync(CancellationToken cancellation);

    /// <param name="requested">Model key that a reprocess message requests; null or empty = the active model.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="Failures.PartFailureException">The requested bundle is missing or was refused.</exception>
    ValueTask<ModelLease> LeaseAsync(string? requested, CancellationToken cancellation);

    /// <summary>The shadow model if it classifies this image too, or null; the same for every delivery of the image.</summary>
    ModelLease? LeaseShadow(Guid imageId, Lane lane);
}
