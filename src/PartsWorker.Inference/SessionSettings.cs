using System.Globalization;
using Microsoft.ML.OnnxRuntime;

namespace PartsWorker.Inference;

/// <summary>The settings of every session: of both stages of a bundle, and of a training graph.</summary>
internal static class SessionSettings
{
    /// <summary>For both stages of a bundle.</summary>
    /// <exception cref="OnnxRuntimeException">CUDA does not work here.</exception>
    public static SessionOptions Create(InferenceOptions options, bool cuda, int threads)
    {
        // On a CPU, planned memory is allocated in one piece per batch size, beside what the first run took: 360 MB more for the random
        // real pair at 32 images, and no faster.
        var settings = Create(threads, memoryPattern: cuda);
        if (cuda)
        {
            AppendCuda(settings, CudaOf(options));
        }

        return settings;
    }

    /// <summary>For a training graph: its shapes never change, so CUDA may try every algorithm once, as it does by default.</summary>
    /// <exception cref="OnnxRuntimeException">CUDA does not work here.</exception>
    public static SessionOptions CreateForTraining(ExecutionDevice device, int threads)
    {
        // A step reuses the same shapes: a memory pattern would only hold the peak of all of them at once.
        var settings = Create(threads, memoryPattern: false);
        if (device == ExecutionDevice.Cuda)
        {
            AppendCuda(settings, new Dictionary<string, string> { ["device_id"] = "0" });
        }

        return settings;
    }

    private static SessionOptions Create(int threads, bool memoryPattern)
    {
        OrtRuntime.EnsureStarted();
        var settings = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            IntraOpNumThreads = ProcessorCores.Threads(threads),
            InterOpNumThreads = 1,
            EnableMemoryPattern = memoryPattern,
        };
        // Spinning threads take the cores that decode or augment the next batch, and those of the other stage.
        settings.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        settings.AddSessionConfigEntry("session.inter_op.allow_spinning", "0");
        // session.set_denormal_as_zero stays off: it changes the calling thread too, and vector code there that carries indices in
        // float registers (IndexOfMax) then answers zero.
        return settings;
    }

    private static Dictionary<string, string> CudaOf(InferenceOptions options)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["device_id"] = options.DeviceId.ToString(CultureInfo.InvariantCulture),
            // The default tries every algorithm for every new shape, up to a second each; the heuristic is as fast afterwards.
            ["cudnn_conv_algo_search"] = "HEURISTIC",
            // The shapes are few and fixed (buckets), so the arena need not grow in powers of two.
            ["arena_extend_strategy"] = "kSameAsRequested",
            ["use_tf32"] = options.Tf32 ? "1" : "0",
        };
        if (options.GpuMemoryLimitMb > 0)
        {
            values["gpu_mem_limit"] = ((long)options.GpuMemoryLimitMb << 20).ToString(CultureInfo.InvariantCulture);
        }

        return values;
    }

    private static void AppendCuda(SessionOptions settings, Dictionary<string, string> values)
    {
        using var cuda = new OrtCUDAProviderOptions();
        cuda.UpdateOptions(values);
        settings.AppendExecutionProvider_CUDA(cuda);
    }
}
