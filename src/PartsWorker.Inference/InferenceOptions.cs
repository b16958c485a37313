using System.ComponentModel.DataAnnotations;

namespace PartsWorker.Inference;

/// <summary>Section <c>Inference</c>: where and how the model runs.</summary>
public sealed class InferenceOptions
{
    public const string Section = "Inference";

    /// <summary>
    /// <c>auto</c>, <c>cuda</c> or <c>cpu</c>; default auto. Production machines with a GPU should say cuda, so that a broken driver stops
    /// the start.
    /// </summary>
    [EnumDataType(typeof(ExecutionDevice))]
    public ExecutionDevice Device { get; set; } = ExecutionDevice.Auto;

    /// <summary>Number of the GPU, 0..63; default 0. One process serves one GPU.</summary>
    [Range(0, 63)]
    public int DeviceId { get; set; }

    /// <summary>Most images of one batch, 1..512; default 32: beyond it a GPU gains little and a CPU nothing. The worker sets it from <c>Pipeline:MaxBatch</c>.</summary>
    [Range(1, 512)]
    public int MaxBatch { get; set; } = 32;

    /// <summary>
    /// Longest run of a batch on the CPU, 1 ms..1 min; default 500 ms: a batch that takes this long gains nothing by being larger, each of
    /// its images needs memory, and a part that comes meanwhile waits for it to end. Batches get no larger than what fits; a GPU takes
    /// <see cref="MaxBatch"/>.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan LongestRun { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Threads of one operator on the CPU, 0..256; default 0 = half of the cores, so that two batches run side by side, or both stages of
    /// one that is alone (on two cores 34 images/s of the random real pair instead of 30, one image in 37 ms instead of 41); one where an
    /// image takes less than 2 ms on it. With more than half of the cores one batch runs at a time.
    /// </summary>
    [Range(0, 256)]
    public int IntraOpThreads { get; set; }

    /// <summary>
    /// Upper bound in MiB of each stage's memory arena on the GPU, 0..1048576; default 0 = none. Set it where several processes share a
    /// GPU.
    /// </summary>
    [Range(0, 1 << 20)]
    public int GpuMemoryLimitMb { get; set; }

    /// <summary>Whether float32 convolutions on the GPU may use TF32; default true: faster, scores move by up to about 1e-3.</summary>
    public bool Tf32 { get; set; } = true;
}
