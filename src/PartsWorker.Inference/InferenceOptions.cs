using System.ComponentModel.DataAnnotations;

namespace PartsWorker.Inference;

/// <summary>Section <c>Inference</c>: device and batch size of the model.</summary>
public sealed record InferenceOptions
{
    public const string Section = "Inference";

    /// <summary>
    /// <c>auto</c>, <c>cuda</c> or <c>cpu</c>; default auto. Set cuda on production machines with a GPU, so that the worker does not start
    /// with a broken driver.
    /// </summary>
    [EnumDataType(typeof(ExecutionDevice))]
    public ExecutionDevice Device { get; set; } = ExecutionDevice.Auto;

    /// <summary>Index of the GPU, 0..63; default 0. One process uses one GPU.</summary>
    [Range(0, 63)]
    public int DeviceId { get; set; }

    /// <summary>
    /// Maximum number of images per batch, 1..512; default 32: larger batches gain little on a GPU and nothing on a CPU. The worker sets
    /// it from <c>Pipeline:MaxBatch</c>.
    /// </summary>
    [Range(1, 512)]
    public int MaxBatch { get; set; } = 32;

    /// <summary>
    /// Maximum time of a batch on the CPU, 1 ms..1 min; default 100 ms: a larger batch would not be faster per image, but it needs more
    /// memory and delays parts that arrive meanwhile. Batches are limited to this time, but not to fewer than 4 images; on a GPU only
    /// <see cref="MaxBatch"/> applies.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan LongestRun { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Threads per operator on the CPU, 0..256; default 0 = half of the cores, so that two batches run in parallel, or both networks of a
    /// single batch (on two cores 34 images/s of the random real pair instead of 30, one image in 37 ms instead of 41); 1 if an image
    /// takes less than 2 ms with one thread. With more than half of the cores, one batch runs at a time.
    /// </summary>
    [Range(0, 256)]
    public int IntraOpThreads { get; set; }

    /// <summary>
    /// <c>auto</c>, <c>fp32</c>, <c>fp16</c> or <c>int8</c>; default auto: int8 on a CPU with a dot product of 8-bit integers or with AVX2
    /// alone, fp16 on a GPU, if the bundle has such graphs and reproduces their golden outputs here; otherwise fp32. Set fp32 for the same
    /// answers on every machine.
    /// </summary>
    [EnumDataType(typeof(PrecisionSetting))]
    public PrecisionSetting Precision { get; set; } = PrecisionSetting.Auto;

    /// <summary>
    /// Limit in MiB of each network's memory arena on the GPU, 0..1048576; default 0 = none. Set it if several processes share a GPU.
    /// </summary>
    [Range(0, 1 << 20)]
    public int GpuMemoryLimitMb { get; set; }

    /// <summary>
    /// Whether float32 convolutions on the GPU may use TF32; default true: faster, and scores change by up to about 1e-3.
    /// </summary>
    public bool Tf32 { get; set; } = true;

    /// <summary>The same options with this precision; 8-bit graphs run on a CPU only, also on a machine with a GPU.</summary>
    public InferenceOptions In(PrecisionSetting precision) => this with
    {
        Precision = precision,
        Device = precision == PrecisionSetting.Int8 ? ExecutionDevice.Cpu : Device,
    };
}
