using Microsoft.Extensions.Logging;
using PartsWorker.Client;
using PartsWorker.Database;
using PartsWorker.Failures;
using PartsWorker.Inference;
using PartsWorker.Observability;

namespace PartsWorker.Serving;

/// <summary>
/// Holds the loaded models: the active one, a shadow, and one that reprocess messages ask for. A change-over swaps a reference; parts that
/// were prepared for the old model are still judged by it, and its last part unloads it.
/// </summary>
internal sealed class ModelRack(
    ModelOptions options, IModelLibrary library, IServingPointer pointer, WorkerState state, TimeProvider time, ILogger<ModelRack> log)
    : IModelSource, IDisposable
{
    // Long enough that a bundle whose golden images fail does not keep the processor busy.
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _changing = new(1, 1);
    private readonly Dictionary<string, long> _refused = new(StringComparer.Ordinal);
    private volatile TaskCompletionSource _loaded = NewSignal();
    private volatile ModelUse? _active;
    private volatile ModelUse? _shadow;
    private volatile ModelUse? _requested;

    // Stays loaded, so that rolling back takes no longer than looking at the pointer.
    private volatile ModelUse? _previous;
    private double _shadowShare;
    private bool _unread;

    // The active model was chosen without SQL, which may name another.
    private bool _isFallback;

    /// <summary>
    /// Loads the model to start with, before the first message is taken: the one that SQL names. <see cref="ModelOptions.Bundle"/> serves where
    /// SQL names none or cannot be read. A named model that does not load leaves the rack empty; <see cref="FollowAsync"/> tries it again.
    /// </summary>
    /// <exception cref="Bundles.Bundle.BundleException">The configured bundle is needed and is missing, altered or wrong; one line.</exception>
    public async Task StartAsync(CancellationToken cancellation)
    {
        if (options.Follow && await ReadAtStartAsync(cancellation) is { } named)
        {
            LoadNamed(named);
        }
        else if (options.Bundle.Length > 0)
        {
            LoadPinned();
        }
        else if (!_isFallback)
        {
            state.Problem("model", "no model is active and Model:Bundle is not set: run `partsworker models activate`");
        }
    }

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
                _unread = false;
            }
            catch (Exception error) when (!stopping.IsCancellationRequested)
            {
                ReportUnread(ActiveKey, error);
            }

            await Task.Delay(options.PollInterval, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public Task WaitUntilLoadedAsync(CancellationToken cancellation) => _loaded.Task.WaitAsync(cancellation);

    public async ValueTask<ModelLease> LeaseAsync(string? requested, CancellationToken cancellation)
    {
        await WaitUntilLoadedAsync(cancellation);
        return string.IsNullOrEmpty(requested) ? await LeaseActiveAsync(cancellation)
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

    private async Task<string?> ReadAtStartAsync(CancellationToken cancellation)
    {
        try
        {
            return (await pointer.ReadAsync(cancellation)).Active;
        }
        catch (Exception error) when (!cancellation.IsCancellationRequested)
        {
            _isFallback = true;
            ReportUnread(options.Bundle.Length > 0 ? options.Bundle : "none", error);
            return null;
        }
    }

    // Once for each outage: the pointer is read every second.
    private void ReportUnread(string current, Exception error)
    {
        if (!_unread)
        {
            _unread = true;
            log.ServingUnread(current, PostgresFaults.Describe(error));
        }
    }

    private void LoadNamed(string key)
    {
        try
        {
            Activate(new ModelUse(library.LoadKey(key)));
        }
        catch (Exception error) when (error is not DeviceUnavailableException)
        {
            Refuse(key, error);
        }
    }

    private async Task ApplyAsync(ServingState serving, CancellationToken stopping)
    {
        await _changing.WaitAsync(stopping);
        try
        {
            foreach (var key in _refused.Keys.Where(key => key != serving.Active && key != serving.Shadow))
            {
                _refused.Remove(key);
            }

            if (serving.Active is { } active && active != _active?.Model.Key)
            {
                ChangeTo(active);
            }

            _isFallback = false;
            ApplyShadow(serving);
        }
        finally
        {
            _changing.Release();
        }
    }

    private void ChangeTo(string key)
    {
        if (_isFallback)
        {
            // From here on it is known that SQL names another: no part may be classified with the fallback while that one loads.
            Deactivate($"{key} is loading");
        }

        if (TryUse(key) is { } use)
        {
            Activate(use);
        }
    }

    private void ApplyShadow(ServingState serving)
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
        var (replaced, old) = (ActiveKey, _active is null ? null : _previous);
        _previous = _active ?? _previous;
        _active = use;
        state.ModelActive(use.Model.Key, use.Model.Device);
        log.Activated(use.Model.Key, replaced);
        _loaded.TrySetResult();
        old?.Release();
    }

    private void Deactivate(string reason)
    {
        if (_active is { } active)
        {
            // The signal first: who finds no active model waits for the new one.
            _loaded = NewSignal();
            _active = null;
            _previous = active;
        }

        state.Problem("model", reason);
    }

    /// <summary>A model that is loaded already, as shadow, for reprocessing or as the one before, changes its part at once; any other is loaded first.</summary>
    private ModelUse? TryUse(string key) =>
        Loaded(key) is { } loaded && loaded.TryHold() ? loaded : TryLoad(key) is { } model ? new ModelUse(model) : null;

    /// <summary>Null when the bundle was refused. It is left alone until SQL names another, or tried again while there is no other to classify with.</summary>
    private IServedModel? TryLoad(string key)
    {
        if (_refused.TryGetValue(key, out var at) && (_active is not null || time.GetElapsedTime(at) < RetryPause))
        {
            return null;
        }

        try
        {
            return library.LoadKey(key);
        }
        catch (Exception error)
        {
            Refuse(key, error);
            return null;
        }
    }

    private void Refuse(string key, Exception error)
    {
        _refused[key] = time.GetTimestamp();
        if (_active is { } active)
        {
            log.Refused(key, active.Model.Key, error.Message);
        }
        else
        {
            log.NoModel(key, error.Message);
            state.Problem("model", $"{key} is active but could not be loaded: {error.Message}");
        }
    }

    private async ValueTask<ModelLease> LeaseActiveAsync(CancellationToken cancellation)
    {
        // A change-over may retire the model between reading the field and leasing it; the next read sees the new one.
        while (true)
        {
            await WaitUntilLoadedAsync(cancellation);
            if (_active?.TryLease() is { } lease)
            {
                return lease;
            }
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

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
            _requested = new ModelUse(library.LoadKey(key));
            old?.Release();
            return _requested.TryLease()!.Value;
        }
        catch (Bundles.Bundle.BundleException error)
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
