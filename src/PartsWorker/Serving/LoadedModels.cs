using Microsoft.Extensions.Logging;
using PartsWorker.Observability;

namespace PartsWorker.Serving;

/// <summary>
/// The models in memory: the active one, the one before it, a shadow, and one that reprocess messages requested. Activating swaps a
/// reference: parts prepared for the old model are still classified by it, and the last of them unloads it.
/// </summary>
internal sealed class LoadedModels(WorkerState state, ILogger log) : IDisposable
{
    private volatile TaskCompletionSource _activated = NewSignal();
    private volatile ModelUse? _active;
    private volatile ModelUse? _shadow;
    private volatile ModelUse? _requested;

    // Stays loaded, so that a rollback takes no longer than reading the pointer.
    private volatile ModelUse? _previous;
    private double _shadowShare;

    /// <summary>Held while a model is loaded or replaced.</summary>
    public SemaphoreSlim Changing { get; } = new(1, 1);

    public string? ActiveKey => _active?.Model.Key;

    public string? ShadowKey => _shadow?.Model.Key;

    /// <summary>Returns when a model is active.</summary>
    public Task WaitForActiveAsync(CancellationToken cancellation) => _activated.Task.WaitAsync(cancellation);

    public async ValueTask<ModelLease> LeaseActiveAsync(CancellationToken cancellation)
    {
        // A change-over may retire the model between reading the field and leasing it; the next read sees the new one.
        while (true)
        {
            await WaitForActiveAsync(cancellation);
            if (_active?.TryLease() is { } lease)
            {
                return lease;
            }
        }
    }

    public ModelLease? LeaseShadow(Guid imageId) =>
        _shadow is { } shadow && ShareOf(imageId) < Volatile.Read(ref _shadowShare) ? shadow.TryLease() : null;

    /// <returns>Null when the model is not loaded.</returns>
    public ModelLease? TryLease(string key) => Find(key)?.TryLease();

    /// <returns>One more use of a loaded model; null when the model is not loaded.</returns>
    public ModelUse? TryHold(string key) => Find(key) is { } loaded && loaded.TryHold() ? loaded : null;

    public void Activate(ModelUse use)
    {
        var (replaced, old) = (ActiveKey ?? "none", _active is null ? null : _previous);
        _previous = _active ?? _previous;
        _active = use;
        state.ModelActive(use.Model.Key, use.Model.Device);
        log.Activated(use.Model.Key, replaced);
        _activated.TrySetResult();
        old?.Release();
    }

    /// <summary>Stops classifying until the next activation; <paramref name="reason"/> is the problem that readiness shows.</summary>
    public void Deactivate(string reason)
    {
        if (_active is { } active)
        {
            // Reset the signal first: a caller that finds no active model then waits for the next one.
            _activated = NewSignal();
            _active = null;
            _previous = active;
        }

        state.NoModelActive(reason);
    }

    public void ReplaceShadow(ModelUse? use)
    {
        var old = _shadow;
        _shadow = use;
        old?.Release();
    }

    /// <param name="share">Share of live images that the shadow classifies, 0..1.</param>
    public void SetShadowShare(double share) => Volatile.Write(ref _shadowShare, share);

    /// <summary>Keeps a model that a reprocess message requested, and returns the first lease of it.</summary>
    public ModelLease ReplaceRequested(ModelUse use)
    {
        var old = _requested;
        _requested = use;
        old?.Release();
        return use.TryLease()!.Value;
    }

    public void Dispose()
    {
        foreach (var use in new[] { _active, _shadow, _requested, _previous })
        {
            use?.Release();
        }

        Changing.Dispose();
    }

    private ModelUse? Find(string key) =>
        new[] { _active, _requested, _shadow, _previous }.FirstOrDefault(use => use?.Model.Key == key);

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Bytes of a random or name-based UUID are as good as a hash, and a redelivery gets the same share.
    private static double ShareOf(Guid imageId) => (uint)imageId.GetHashCode() / (double)uint.MaxValue;
}
