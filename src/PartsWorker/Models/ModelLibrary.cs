using System.Diagnostics;
using Microsoft.Extensions.Logging;
using PartsWorker.Inference;
using PartsWorker.Model.Bundle;
using PartsWorker.Model.Preprocessing;

namespace PartsWorker.Models;

/// <summary>Finds bundles under the models folder by their key and loads them onto the device.</summary>
internal sealed class ModelLibrary(
    ModelOptions options, InferenceOptions inference, DecodeLimits limits, IImageDecoder decoder, ILogger<ModelLibrary> log) : IModelLibrary
{
    public string FolderOf(string key)
    {
        var words = key.Split('@');
        if (words.Length != 2 || words.Any(word => word.Length == 0 || word is "." or ".." || word.AsSpan().IndexOfAny('/', '\\', '\0') >= 0))
        {
            throw new BundleException($"'{key}' is no model key; write name@version");
        }

        return Path.Combine(options.RootOrDefault, words[0], words[1]);
    }

    public IServedModel Load(string folder)
    {
        var started = Stopwatch.GetTimestamp();
        var model = ServedModel.Load(folder, decoder, limits, inference, options.Verify, log);
        log.Loaded(model.Key, model.Device, Stopwatch.GetElapsedTime(started));
        return model;
    }
}
