using System.Diagnostics;
using Microsoft.Extensions.Logging;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Inference;

namespace PartsWorker.Serving;

/// <summary>Finds bundles under the models folder by their key and loads them onto the device.</summary>
internal sealed class ModelLibrary(
    ModelOptions options, InferenceOptions inference, DecodeLimits limits, IImageDecoder decoder, ILogger<ModelLibrary> log) : IModelLibrary
{
    public IServedModel Load(string folder)
    {
        var started = Stopwatch.GetTimestamp();
        var model = ServedModel.Load(folder, decoder, limits, inference, options.Verify, log);
        log.Loaded(model.Key, model.Device, Stopwatch.GetElapsedTime(started));
        return model;
    }

    public IServedModel LoadKey(string key)
    {
        var folder = FolderOf(key);
        var model = Load(folder);
        if (model.Key != key)
        {
            model.Dispose();
            throw new BundleException($"{folder}: holds {model.Key}, not {key}");
        }

        return model;
    }

    private string FolderOf(string key)
    {
        var words = key.Split('@');
        if (words.Length != 2 || words.Any(word => word.Length == 0 || word is "." or ".." || word.AsSpan().IndexOfAny('/', '\\', '\0') >= 0))
        {
            throw new BundleException($"'{key}' is no model key; write name@version");
        }

        var folder = Path.Combine(options.RootOrDefault, words[0], words[1]);
        return !Directory.Exists(folder) && IsPinned(key) ? options.Bundle : folder;
    }

    // Model:Bundle may be outside Model:Root, or not in a folder called name/version, and still be the model that SQL names.
    private bool IsPinned(string key) =>
        options.Bundle.Length > 0 && File.Exists(Path.Combine(options.Bundle, BundleManifest.FileName)) && ModelBundle.Open(options.Bundle).Key == key;
}
