using Microsoft.Extensions.Logging;
using PartsWorker.Inference;
using PartsWorker.Observability;

namespace PartsWorker.Serving;

/// <summary>
/// Loads the models that SQL names and remembers those that were refused, so that a broken bundle is not loaded again at every poll.
/// </summary>
internal sealed class ModelLoader(IModelLibrary library, LoadedModels models, WorkerState state, TimeProvider time, ILogger log)
{
    /// <summary>Long enough that a bundle that fails its golden outputs does not keep the processor busy.</summary>
    public static TimeSpan RetryPause { get; } = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, long> _refused = new(StringComparer.Ordinal);

    /// <summary>Loads the model to start with; a bundle that does not load is refused, but an unavailable device stops the start.</summary>
    /// <exception cref="DeviceUnavailableException">The configured device is not available.</exception>
    public ModelUse? LoadFirst(string key)
    {
        try
        {
            return new ModelUse(library.LoadKey(key));
        }
        catch (Exception error) when (error is not DeviceUnavailableException)
        {
            Refuse(key, error);
            return null;
        }
    }

    /// <summary>Uses a model that is already loaded (as shadow, for reprocessing or as the previous one), or loads it.</summary>
    /// <returns>Null when the bundle is refused.</returns>
    public ModelUse? TryUse(string key) => models.TryHold(key) ?? (TryLoad(key) is { } model ? new ModelUse(model) : null);

    /// <summary>Forgets the refused models that SQL no longer names.</summary>
    public void KeepOnly(ServingState serving)
    {
        foreach (var key in _refused.Keys.Where(key => key != serving.Active && key != serving.Shadow))
        {
            _refused.Remove(key);
        }
    }

    // A refused bundle is left alone until SQL names another; while no model is active, it is tried again after a pause.
    private IServedModel? TryLoad(string key)
    {
        if (_refused.TryGetValue(key, out var at) && (models.ActiveKey is not null || time.GetElapsedTime(at) < RetryPause))
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
        if (models.ActiveKey is { } active)
        {
            log.Refused(key, active, error.Message);
        }
        else
        {
            log.NoModel(key, error.Message);
            state.Problem("model", $"{key} is active but could not be loaded: {error.Message}");
        }
    }
}
