using Microsoft.Extensions.Logging;
using PartsWorker.Client;
using PartsWorker.Failures;
using PartsWorker.Observability;

namespace PartsWorker.Models;

/// <summary>
/// Holds the loaded models: the active one, a shadow, and one that reprocess messages ask for. A change-over swaps a reference; parts that
/// were prepared for the old model are still judged by it, and its last part unloads it.
/// </summary>
internal sealed class ModelRack(
    ModelOptions options, IModelLibrary library, IServingPointer pointer, WorkerState state, TimeProvider time, ILogger<ModelRack> log)
    : IModelSource, IDisposable
{
    private readonly SemaphoreSlim _changing = new(1, 1);
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HashSet<string> _refused = new(StringComparer.Ordinal);
    private volatile ModelUse? _active;
    private volatile ModelUse? _shadow;
    private volatile ModelUse? _requested;

    // Stays loaded, so that rolling back takes no longer than looking at the pointer.
    private volatile ModelUse? _previous;
    private double _shadowShare;

    /// <summary>Loads the configured bundle, so that a wrong one stops the start instead of the first part.</summary>
    public void LoadPinned()
    {
        if (options.Bundle.Length > 0)
        {
            Activate(new ModelUse(library.Load(options.Bundle)));
        }
    }

    /// <summary>Follows the pointer in SQL until <paramref name="stopping"/>.</summary>
    public async Task FollowAsync(CancellationToken stopping)
    {
        while (options.Follow && !stopping.IsCancellationRequested)
        {
            try
            {
                await ApplyAsync(await pointer.ReadAsync(stopping), stopping);
            }
            catch (Exception error) when (!stopping.IsCancellationRequested)
            {
                log.RegistryAway(ActiveKey, error.Message);
            }

            await Task.Delay(options.PollInterval, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public async ValueTask<ModelLease> LeaseAsync(string? requested, CancellationToken cancellation)
    {
        await _first.Task.WaitAsync(cancellation);
        return string.IsNullOrEmpty(requested) ? LeaseActive()
            : Loaded(requested)?.TryLease() ?? await LoadRequestedAsync(requested, cancellation);
    }

    public ModelLease? LeaseShadow(Guid imageId, Lane lane) =>
        lane == Lane.Live && _shadow is { } shadow && ShareOf(imageId) < Volatile.Read(ref _shadowShare) ? shadow.TryLease() : null;

    public void Dispose()
    {
        foreach (var use in new[] { _active, _shadow, _requested, _previous })
        {
            use?.Release();
        }

        _changing.Dispose();
    }

    private string ActiveKey => _active?.Model.Key ?? "none";

    private async Task ApplyAsync(Serving serving, CancellationToken stopping)
    {
        await _changing.WaitAsync(stopping);
        try
        {
            _refused.RemoveWhere(key => key != serving.Active && key != serving.Shadow);
            if (serving.Active is { } active && active != _active?.Model.Key && TryUse(active) is { } use)
            {
                Activate(use);
            }

            ApplyShadow(serving);
        }
        finally
        {
            _changing.Release();
        }
    }

    private void ApplyShadow(Serving serving)
    {
        var wanted = serving.ShadowShare > 0 && serving.Shadow != ActiveKey ? serving.Shadow : null;
        Volatile.Write(ref _shadowShare, serving.ShadowShare);
        if (wanted == _shadow?.Model.Key)
        {
            return;
        }

        var old = _shadow;
        _shadow = wanted is null ? null : TryUse(wanted);
        old?.Release();
    }

    private void Activate(ModelUse use)
    {
        var (replaced, old) = (ActiveKey, _previous);
        _previous = _active;
        _active = use;
        state.ModelActive(use.Model.Key, use.Model.Device);
        log.Activated(use.Model.Key, replaced);
        _first.TrySetResult();
        old?.Release();
    }

    /// <summary>A model that is loaded already, as shadow, for reprocessing or as the one before, changes its part at once; any other is loaded first.</summary>
    private ModelUse? TryUse(string key) =>
        Loaded(key) is { } loaded && loaded.TryHold() ? loaded : TryLoad(key) is { } model ? new ModelUse(model) : null;

    /// <summary>Null when the bundle was refused; it is named once and then left alone until SQL names another.</summary>
    private IServedModel? TryLoad(string key)
    {
        if (_refused.Contains(key))
        {
            return null;
        }

        try
        {
            return library.Load(library.FolderOf(key));
        }
        catch (Exception error)
        {
            _refused.Add(key);
            log.Refused(key, ActiveKey, error.Message);
            return null;
        }
    }

    private ModelLease LeaseActive()
    {
        // A change-over may retire the model between reading the field and leasing it; the next read sees the new one.
        while (true)
        {
            if (_active!.TryLease() is { } lease)
            {
                return lease;
            }
        }
    }

    private ModelUse? Loaded(string key) =>
        new[] { _active, _requested, _shadow, _previous }.FirstOrDefault(use => use?.Model.Key == key);

    private async Task<ModelLease> LoadRequestedAsync(string key, CancellationToken cancellation)
    {
        await _changing.WaitAsync(cancellation);
        try
        {
            if (Loaded(key)?.TryLease() is { } lease)
            {
                return lease;
            }

            var old = _requested;
            _requested = new ModelUse(library.Load(library.FolderOf(key)));
            old?.Release();
            return _requested.TryLease()!.Value;
        }
        catch (Model.Bundle.BundleException error)
        {
            // The bundle may be on its way to this machine; the ladder gives it minutes before the message dies.
            throw new PartFailureException(FailureKind.ModelFailure, Recovery.Transient, $"model {key} cannot be served here: {error.Message}", error);
        }
        finally
        {
            _changing.Release();
        }
    }

    // Bytes of a random or name-based UUID are as good as a hash; a redelivery falls on the same side.
    private static double ShareOf(Guid imageId) => (uint)imageId.GetHashCode() / (double)uint.MaxValue;
}
