using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Inference;
using PartsWorker.References;

namespace PartsWorker.Bench.Suite;

/// <summary>What a run measures, and for how long.</summary>
internal sealed record BenchPlan
{
    /// <summary>Bundle folder by the name it has in the report: real, tiny.</summary>
    public required IReadOnlyDictionary<string, string> Bundles { get; init; }

    /// <summary>Whether the stand-in model is measured between the real broker and database.</summary>
    public bool None { get; init; } = true;

    /// <summary>Full paths of JPEG files.</summary>
    public required IReadOnlyList<string> Images { get; init; }

    /// <summary>Windows per rate; the rate is their median.</summary>
    public int Windows { get; init; } = 5;

    /// <summary>Length of a window.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// Full load before the first window, until the compiler has finished optimizing, because a worker runs for months. With a slow bundle
    /// that took over 10 s.
    /// </summary>
    public TimeSpan Warm { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long each load runs to measure latencies.</summary>
    public TimeSpan LatencyWindow { get; init; } = TimeSpan.FromSeconds(15);

    public required InferenceOptions Inference { get; init; }

    public required DecodeLimits Limits { get; init; }

    public DecoderChoice Decoder { get; init; } = new(DecoderChoice.Auto);

    /// <summary>How the images are read.</summary>
    public ImageOptions Reading { get; init; } = new();

    /// <summary>Receives the progress lines for the console.</summary>
    public Action<string> Report { get; init; } = _ => { };
}
