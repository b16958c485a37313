using System.Runtime.InteropServices;
using PartsWorker.Bench.Ceilings;
using PartsWorker.Bench.Measured;
using PartsWorker.Bundles.Preprocessing;

namespace PartsWorker.Bench.Suite;

/// <summary>All figures of one run, as <c>--json</c> prints them.</summary>
internal sealed record BenchReport
{
    public required MachineFigures Machine { get; init; }

    /// <summary>By name: real, tiny.</summary>
    public SortedDictionary<string, PairFigures> Pairs { get; } = new(StringComparer.Ordinal);

    public NoneFigures? None { get; set; }

    /// <summary>By name, such as <c>real_worker_over_model</c>.</summary>
    public SortedDictionary<string, double> Ratios { get; } = new(StringComparer.Ordinal);

    /// <summary>Fills <see cref="Ratios"/> from the figures.</summary>
    public void Compare()
    {
        foreach (var (name, pair) in Pairs)
        {
            var model = pair.Model.Max(m => m.ImagesPerSecond);
            var decode = pair.UsedDecode.ImagesPerSecond;
            Add($"{name}_pipeline", pair.Pipeline, model, decode, pair.DecodeBound);
            Add($"{name}_worker", pair.Worker, model, decode, pair.DecodeBound);
        }

        if (None is { } none)
        {
            Add("none_worker_over_consume", none.Worker.ImagesPerSecond / none.Consume.ImagesPerSecond);
            Add("none_worker_over_upsert", none.Worker.ImagesPerSecond / none.Upsert.ImagesPerSecond);
            Add("none_worker_over_services", none.Worker.OverCeiling);
        }
    }

    // The limiting ceiling was measured alternating with the worker, the other one only before it.
    private void Add(string name, WorkerFigures? worker, double model, double decode, bool decodeBound)
    {
        if (worker is not null)
        {
            Add($"{name}_over_model", decodeBound ? worker.ImagesPerSecond / model : worker.OverCeiling);
            Add($"{name}_over_decode", decodeBound ? worker.OverCeiling : worker.ImagesPerSecond / decode);
        }
    }

    private void Add(string name, double ratio) => Ratios[name] = Math.Round(ratio, 3);
}

/// <summary>The machine of the measurement.</summary>
internal sealed record MachineFigures(string Processor, int Cores, double MemoryGb, string System, string Runtime)
{
    public static MachineFigures Read()
    {
        var model = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal));
        return new(
            model?.Split(':')[1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString(),
            Environment.ProcessorCount,
            Math.Round(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1e9, 1),
            RuntimeInformation.OSDescription,
            RuntimeInformation.FrameworkDescription);
    }
}

/// <summary>The model alone at one batch size, with one run at a time or several.</summary>
internal sealed record BatchFigures(int Batch, int AtOnce, double ImagesPerSecond, double MsPerBatch, double CpuMsPerImage)
{
    public static BatchFigures Of(ModelLoad load, Rate rate) =>
        new(load.Batch, load.AtOnce, rate.ImagesPerSecond, load.AtOnce * load.Batch * 1000 / rate.ImagesPerSecond, rate.CpuMsPerImage);
}

/// <summary>One decoder alone on all cores.</summary>
internal sealed record DecodeFigures(string Decoder, double ImagesPerSecond, double CpuMsPerImage)
{
    /// <summary>The library that read the JPEGs for the decoder.</summary>
    public string JpegReader => Decoder == ImageDecoders.LibVips && ImageDecoders.HasTurboJpeg ? "libjpeg-turbo" : Decoder;
}

/// <summary>A worker, or the pipeline alone, under full load.</summary>
internal sealed record WorkerFigures
{
    public double ImagesPerSecond { get; init; }

    /// <summary>The bare ceiling that limits it, measured in alternating windows.</summary>
    public double CeilingBeside { get; init; }

    /// <summary>Its share of that ceiling: the median over the windows, each compared with the ceilings before and after it.</summary>
    public double OverCeiling { get; init; }

    public double CpuMsPerImage { get; init; }

    public double ManagedBytesPerImage { get; init; }

    public double Gen2PerTenThousand { get; init; }

    public double PeakMb { get; init; }

    /// <summary>From process start to consuming; median of three starts.</summary>
    public double StartToReadySeconds { get; init; }

    /// <summary>The same without session creation and warm-up.</summary>
    public double StartBeyondSessionsSeconds { get; init; }
}

/// <summary>
/// Latency from publish to commit at a share of the worker's capacity, and the time of the bare model for one image, measured alternating.
/// </summary>
internal sealed record LoadFigures(int PercentOfCapacity, double ImagesPerSecond, LatencyFigures Latency, double BareMs);

/// <summary>Everything about one bundle.</summary>
internal sealed record PairFigures
{
    public required string Bundle { get; init; }

    public required string Device { get; init; }

    public required string Precision { get; init; }

    public required IReadOnlyList<BatchFigures> Model { get; init; }

    public required IReadOnlyList<DecodeFigures> Decode { get; init; }

    /// <summary>The decoder that the worker uses.</summary>
    public required string Decoder { get; init; }

    /// <summary>Decoding is the slower of the two ceilings.</summary>
    public bool DecodeBound => UsedDecode.ImagesPerSecond < Model.Max(m => m.ImagesPerSecond);

    internal DecodeFigures UsedDecode => Decode.First(d => d.Decoder == Decoder);

    /// <summary>Peak memory of a process that holds both sessions and nothing else.</summary>
    public double SessionsMb { get; init; }

    public double SessionSeconds { get; init; }

    public WorkerFigures? Pipeline { get; init; }

    public WorkerFigures? Worker { get; init; }

    public IReadOnlyList<LoadFigures> Loads { get; init; } = [];

    /// <summary>Processor milliseconds per image and stage.</summary>
    public IReadOnlyDictionary<string, double> CpuMsByStage { get; init; } = new Dictionary<string, double>();
}

/// <summary>The worker without a model between the real services, and the rates of these for a client that does nothing else.</summary>
internal sealed record NoneFigures(Rate Consume, Rate Upsert, double PublishedPerSecond, WorkerFigures Worker);
