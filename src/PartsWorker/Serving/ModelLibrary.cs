using System.Diagnostics;
using Microsoft.Extensions.Logging;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Inference;

namespace PartsWorker.Serving;

/// <summary>Loads bundles onto the device, by folder or by model key.</summary>
internal sealed class ModelLibrary(
    ModelOptions options, ModelFolders folders, InferenceOptions inference, DecodeLimits limits, DecoderChoice decoder,
    ILogger<ModelLibrary> log) : IModelLibrary
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
        var folder = folders.FolderOf(key);
        var model = Load(folder);
        if (model.Key != key)
        {
            model.Dispose();
            throw new BundleException($"{folder} contains {model.Key}, not {key}");
        }

        return model;
    }
}
