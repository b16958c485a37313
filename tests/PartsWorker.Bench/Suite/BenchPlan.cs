using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Inference;

namespace PartsWorker.Bench.Suite;

/// <summary>What a run measures and how long it looks.</summary>
internal sealed record BenchPlan
{
    /// <summary>Bundle folder by the name it has in the report: real, tiny.</summary>
    public required IReadOnlyDictionary<string, string> Bundles { get; init; }

    /// <summary>Whether the stand-in model is measured between the real broker and database.</summary>
    public bool None { get; init; } = true;

    /// <summary>Full paths of JPEG files.</summary>
    public required IReadOnlyList<string> Images { get; init; }

    /// <summary>Windows of each rate; their median counts.</summary>
    public int Windows { get; init; } = 5;

    /// <summary>Length of a window.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long each load is held for its latencies.</summary>
    public TimeSpan LatencyWindow { get; init; } = TimeSpan.FromSeconds(15);

    public required InferenceOptions Inference { get; init; }

    public required DecodeLimits Limits { get; init; }

    /// <summary>What a person may read while it runs.</summary>
    public Action<string> Say { get; init; } = _ => { };
}
