using PartsWorker.Bundles.Bundle;
using PartsWorker.Failures;

namespace PartsWorker.Serving;

/// <summary>
/// Loads the models that reprocess messages request, and remembers for a while those that were refused: many messages may request the same
/// broken bundle, and no model changes while it is loaded.
/// </summary>
internal sealed class RequestedModels(IModelLibrary library, LoadedModels models, TimeProvider time)
{
    private readonly Dictionary<string, (BundleException Error, long At)> _refused = new(StringComparer.Ordinal);

    /// <exception cref="PartFailureException">The bundle is missing or was refused.</exception>
    public async Task<ModelLease> LeaseAsync(string key, CancellationToken cancellation)
    {
        await models.Changing.WaitAsync(cancellation);
        try
        {
            return models.TryLease(key) ?? models.ReplaceRequested(new ModelUse(Load(key)));
        }
        catch (BundleException error)
        {
            // The bundle may still be on its way to this machine; the retry ladder waits minutes before the message becomes a dead letter.
            throw new PartFailureException(
                FailureKind.ModelFailure, Recovery.Transient, $"model {key} cannot be loaded on this machine: {error.Message}", error);
        }
        finally
        {
            models.Changing.Release();
        }
    }

    private IServedModel Load(string key)
    {
        if (_refused.TryGetValue(key, out var refused) && time.GetElapsedTime(refused.At) < ModelLoader.RetryPause)
        {
            throw refused.Error;
        }

        try
        {
            return library.LoadKey(key);
        }
        catch (BundleException error)
        {
            Remember(key, error);
            throw;
        }
    }

    // Any publisher may invent keys, so those of the past are dropped.
    private void Remember(string key, BundleException error)
    {
        foreach (var old in _refused.Where(entry => time.GetElapsedTime(entry.Value.At) >= ModelLoader.RetryPause))
        {
            _refused.Remove(old.Key);
        }

        _refused[key] = (error, time.GetTimestamp());
    }
}
