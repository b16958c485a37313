namespace PartsWorker.Bundles.Bundle;

/// <summary>
/// Decides whether an image shows a part that the bundle knows. Each test gives log odds for it,
/// <c>z = bias + sum of weight * input</c>; the lowest of them is the known score. Below the threshold of the answer's class the decision
/// is <c>unknown</c>.
/// </summary>
public sealed record UnknownDetector
{
    public required IReadOnlyList<DetectorTest> Tests { get; init; }

    /// <summary>Lowest known score of an accepted answer, for classes without a threshold of their own.</summary>
    public required double Threshold { get; init; }

    /// <summary>Share of good images below the threshold, 0..1, on the images that it was fitted on.</summary>
    public required double FalseAlarms { get; init; }

    /// <summary>Optional: the threshold of single classes, by name; they were fitted on enough good images.</summary>
    public IReadOnlyDictionary<string, double>? ClassThresholds { get; init; }

    /// <summary>Lowest known score of an accepted answer of this class.</summary>
    public double ThresholdOf(string className) =>
        ClassThresholds is not null && ClassThresholds.TryGetValue(className, out var own) ? own : Threshold;
}

/// <summary>One test of an <see cref="UnknownDetector"/>: a logistic regression.</summary>
public sealed record DetectorTest
{
    /// <summary>What it tells apart from known parts, such as <c>class</c> or <c>image</c>.</summary>
    public required string Name { get; init; }

    public required double Bias { get; init; }

    /// <summary>Weight per input: names of <see cref="DetectorInputs"/> and of the distances of the meta model.</summary>
    public required IReadOnlyDictionary<string, double> Weights { get; init; }
}

/// <summary>Inputs of the tests that follow from the hits, the logits and the pixels.</summary>
public static class DetectorInputs
{
    /// <summary>Cosine of the best hit.</summary>
    public const string Similarity = "similarity";

    /// <summary>log(p / (1 - p)) of the fused confidence p, limited to 1e-6 .. 1 - 1e-6.</summary>
    public const string Confidence = "confidence";

    /// <summary>Log probability of the color of the answer's class by the color head.</summary>
    public const string Color = "color";

    /// <summary>Log probability of the shape of the answer's class by the shape head.</summary>
    public const string Shape = "shape";

    /// <summary>Contrast of the pixels, limited to 32; see <see cref="Preprocessing.ImageContrast"/>.</summary>
    public const string Contrast = "contrast";

    public static IReadOnlyList<string> All { get; } = [Similarity, Confidence, Color, Shape, Contrast];
}
