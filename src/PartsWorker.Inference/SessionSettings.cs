using System.Globalization;
using Microsoft.ML.OnnxRuntime;

namespace PartsWorker.Inference;

/// <summary>The settings of both stages' sessions for one device.</summary>
internal static class SessionSettings
{
    public static SessionOptions Create(InferenceOptions options, bool cuda, int threads)
    {
        var settings = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            IntraOpNumThreads = ProcessorCores.Threads(threads),
            InterOpNumThreads = 1,
            // Planned memory is asked for in one piece per batch size, beside what the first run took: 360 MB more for the random real pair at 32
            // images, and no faster.
            EnableMemoryPattern = cuda,
        };
        // Spinning threads take the cores that decoding needs while the model waits for its next batch, and those of the other stage.
        settings.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        settings.AddSessionConfigEntry("session.inter_op.allow_spinning", "0");
        if (cuda)
        {
            AppendCuda(settings, options);
        }

        return settings;
    }

    private static void AppendCuda(SessionOptions settings, InferenceOptions options)
    {
        using var cuda = new OrtCUDAProviderOptions();
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

        cuda.UpdateOptions(values);
        settings.AppendExecutionProvider_CUDA(cuda);
    }
}
