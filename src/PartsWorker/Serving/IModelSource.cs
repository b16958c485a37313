using PartsWorker.Client;

namespace PartsWorker.Serving;

/// <summary>Says which model judges a message.</summary>
internal interface IModelSource
{
    /// <summary>Keeps up with which model SQL calls active, until <paramref name="stopping"/>.</summary>
    Task FollowAsync(CancellationToken stopping);

    /// <summary>Returns when a model is loaded.</summary>
    Task WaitUntilLoadedAsync(CancellationToken cancellation);

    /// <param name="requested">Model key a reprocess message asks for; null or empty = the active model.</param>
    /// <exception cref="Failures.PartFailureException">The requested bundle is not there or was refused.</exception>
    ValueTask<ModelLease> LeaseAsync(string? requested, CancellationToken cancellation);

    /// <summary>The second model that shall see this image too, or null. Decided by the image's id, so that a redelivery decides the same.</summary>
    ModelLease? LeaseShadow(Guid imageId, Lane lane);
}
