using PartsWorker.Bundles.Preprocessing;

namespace PartsWorker.Bundles.Bundle;

/// <summary><c>bundle.json</c>: identity of the bundle, tensor names of its two networks, and the SHA-256 of each file.</summary>
public sealed record BundleManifest
{
    /// <summary>The layout of bundles with two networks.</summary>
    public const int TwoNetworks = 1;

    /// <summary>The layout of bundles whose meta model takes the features of the embedder. Programs that cannot run it refuse it.</summary>
    public const int SharedTrunk = 2;

    /// <summary>The layout of bundles with an unknown detector, with two networks or one trunk.</summary>
    public const int WithDetector = 3;

    public const string FileName = "bundle.json";

    public int Format { get; init; } = TwoNetworks;

    public required string Name { get; init; }

    public required string Version { get; init; }

    public required DateTimeOffset Created { get; init; }

    public required string License { get; init; }

    public string? Description { get; init; }

    public required StageOneManifest StageOne { get; init; }

    public required StageTwoManifest StageTwo { get; init; }

    public required PreprocessingRecipe Preprocessing { get; init; }

    public required FusionConstants Fusion { get; init; }

    public UnknownThresholds Thresholds { get; init; } = new();

    /// <summary>Optional: decides <c>unknown</c> by more than one output; format 3 or above.</summary>
    public UnknownDetector? Detector { get; init; }

    /// <summary>Optional: when an image is too bad to be accepted; null = <see cref="QualityThresholds.Default"/>.</summary>
    public QualityThresholds? Quality { get; init; }

    /// <summary>
    /// Optional: graphs of further precisions by name (<c>fp16</c>, <c>int8</c>). Programs that do not know the field run fp32.
    /// </summary>
    public IReadOnlyDictionary<string, PrecisionManifest>? Precisions { get; init; }

    /// <summary>What was measured when the bundle was made, for people and for the models table.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>(StringComparer.Ordinal);

    /// <summary>What it was trained on, in words.</summary>
    public IReadOnlyDictionary<string, string> Data { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Relative path with forward slashes to lower-case SHA-256, for every file but <c>bundle.json</c> itself.</summary>
    public IReadOnlyDictionary<string, string> Files { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
