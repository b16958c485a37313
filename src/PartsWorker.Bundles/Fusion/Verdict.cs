using System.Runtime.InteropServices;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Bundles.Preprocessing;

namespace PartsWorker.Bundles.Fusion;

/// <summary>One candidate class: its fused probability and its best cosine.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Candidate(int ClassId, double Confidence, float Similarity);

/// <summary>The classification of one image.</summary>
public sealed record Verdict
{
    public const string Accepted = "accepted";
    public const string Unknown = "unknown";

    /// <summary>The fused class, or null when the decision is <see cref="Unknown"/>.</summary>
    public required int? ClassId { get; init; }

    /// <summary><see cref="Accepted"/> or <see cref="Unknown"/>.</summary>
    public required string Decision { get; init; }

    /// <summary>Fused probability of the best candidate, 0..1, also where the decision is <see cref="Unknown"/>.</summary>
    public required double Confidence { get; init; }

    public required int ColorId { get; init; }

    /// <summary>Probability of the color by its head alone, at the head's own temperature.</summary>
    public required double ColorConfidence { get; init; }

    public required int ShapeId { get; init; }

    /// <summary>Probability of the shape by its head alone, at the head's own temperature.</summary>
    public required double ShapeConfidence { get; init; }

    /// <summary>Cosine of the best hit.</summary>
    public required double MaxSimilarity { get; init; }

    /// <summary>
    /// Log odds that the bundle knows the part, by its unknown detector. Null if the bundle has no detector.
    /// </summary>
    public double? KnownScore { get; init; }

    /// <summary>Exposure and sharpness of the image.</summary>
    public ImageQuality Quality { get; init; } = ImageQuality.Good;

    /// <summary>
    /// Why the image is too bad to be accepted, one of the constants of <see cref="QualityThresholds"/>; the decision is then
    /// <see cref="Unknown"/>. Null for a good image.
    /// </summary>
    public string? Fault { get; init; }

    /// <summary>Class of the best hit: the answer of the embedder alone.</summary>
    public required int Top1ClassId { get; init; }

    /// <summary>The answer of the filter rule, for comparison.</summary>
    public required int FilterClassId { get; init; }

    /// <summary>How far the filter had to be relaxed; one of <see cref="FilterPaths"/>.</summary>
    public required string FilterPath { get; init; }

    /// <summary>The five best candidates (fewer when the hits have fewer classes), best first.</summary>
    public required IReadOnlyList<Candidate> Top5 { get; init; }
}

/// <summary>Which of the predicted attributes the filter rule could apply.</summary>
public static class FilterPaths
{
    public const string Both = "both";
    public const string Color = "color";
    public const string Shape = "shape";
    public const string Top1 = "top1";
}
