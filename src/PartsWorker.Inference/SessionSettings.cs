using System.Globalization;
using Microsoft.ML.OnnxRuntime;

namespace PartsWorker.Inference;

/// <summary>Session settings for the networks of a bundle and for training graphs.</summary>
internal static class SessionSettings
{
    /// <summary>Settings for the networks of a bundle.</summary>
    /// <exception cref="OnnxRuntimeException">CUDA is not available.</exception>
    public static SessionOptions Create(InferenceOptions options, bool cuda, int threads)
    {
        // On a CPU, a memory pattern allocates one block per batch size in addition to the memory of the first run: 360 MB more for the
        // random real pair at 32 images, and not faster.
        var settings = Create(threads, memoryPattern: cuda);
        if (cuda)
        {
            AppendCuda(settings, CudaOf(options));
        }

        return settings;
    }

    /// <summary>
    /// Settings for a training graph. Its shapes never change, so CUDA may try every algorithm once, which is its default.
    /// </summary>
    /// <exception cref="OnnxRuntimeException">CUDA is not available.</exception>
    public static SessionOptions CreateForTraining(ExecutionDevice device, int threads)
    {
        // The shapes never change, so a memory pattern would only keep the peak memory allocated.
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
        // Spinning threads would block the cores that decode or augment the next batch or run the other network.
        settings.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        settings.AddSessionConfigEntry("session.inter_op.allow_spinning", "0");
        // It would also quantize the convolutions that a bundle keeps in float32 because they lose too much.
        settings.AddSessionConfigEntry("optimization.disable_specified_optimizers", "WeightBiasQuantization");
        if (CpuFeatures.Detected.DotProduct is null)
        {
            // The kernels for 8-bit integers then saturate unless this selects slower ones, which other CPUs must not run: a ResNet-18
            // takes 8.4 ms with them instead of 3.8.
            settings.AddSessionConfigEntry("session.x64quantprecision", "1");
        }

        // session.set_denormal_as_zero stays off: it also changes the calling thread, where vector code that keeps indices in float
        // registers (IndexOfMax) would then return zero.
        return settings;
    }

    private static Dictionary<string, string> CudaOf(InferenceOptions options)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["device_id"] = options.DeviceId.ToString(CultureInfo.InvariantCulture),
            // The default tries every algorithm for each new shape, which takes up to a second; the heuristic choice is as fast.
            ["cudnn_conv_algo_search"] = "HEURISTIC",
            // There are few shapes (buckets), so the arena does not need to grow in powers of two.
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
