using Microsoft.Extensions.Logging;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Client;
using PartsWorker.Observability;

namespace PartsWorker.Serving;

/// <summary>Leases models to parts: the active model, the shadow, or the model that a reprocess message requests.</summary>
internal sealed class ModelRack : IModelSource, IDisposable
{
    private readonly LoadedModels _models;
    private readonly RequestedModels _requested;
    private readonly ActiveModelFollower _follower;

    public ModelRack(
        ModelOptions options, IModelLibrary library, IServingPointer pointer, WorkerState state, TimeProvider time, ILogger<ModelRack> log)
    {
        _models = new LoadedModels(state, log);
        _requested = new RequestedModels(library, _models, time);
        var loader = new ModelLoader(library, _models, state, time, log);
        _follower = new ActiveModelFollower(options, library, pointer, _models, loader, state, time, log);
    }

    /// <summary>
    /// Loads the model to start with, before the first message is received: the one that SQL names, or <see cref="ModelOptions.Bundle"/> if
    /// SQL names none or cannot be read. If a named model does not load, no model is active until <see cref="PollServingAsync"/> loads it.
    /// </summary>
    /// <exception cref="BundleException">The configured bundle is needed and is missing, altered or wrong; one line.</exception>
    public Task StartAsync(CancellationToken cancellation) => _follower.StartAsync(cancellation);

    /// <summary>Loads the configured bundle, so that a wrong one stops the start instead of the first part.</summary>
    public void LoadPinned() => _follower.LoadPinned();

    public Task PollServingAsync(CancellationToken stopping) => _follower.PollServingAsync(stopping);

    public Task WaitUntilLoadedAsync(CancellationToken cancellation) => _models.WaitForActiveAsync(cancellation);

    public async ValueTask<ModelLease> LeaseAsync(string? requested, CancellationToken cancellation)
    {
        await WaitUntilLoadedAsync(cancellation);
        return string.IsNullOrEmpty(requested) ? await _models.LeaseActiveAsync(cancellation)
            : _models.TryLease(requested) ?? await _requested.LeaseAsync(requested, cancellation);
    }

    public ModelLease? LeaseShadow(Guid imageId, Lane lane) => lane == Lane.Live ? _models.LeaseShadow(imageId) : null;

    public void Dispose() => _models.Dispose();
}
