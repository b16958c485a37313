using PartsWorker.Bundles.Bundle;

namespace PartsWorker.Bundles.Fusion;

/// <summary>Computes the known score of a bundle's <see cref="UnknownDetector"/>. Thread-safe.</summary>
public sealed class KnownScore
{
    private const double SmallestProbability = 1e-6;

    // Contrast above this value adds no evidence.
    private const double HighestContrast = 32;
    private readonly UnknownDetector _detector;
    private readonly Test[] _tests;

    /// <param name="detector">The fitted detector.</param>
    /// <param name="distances">Names of the distances, in the order of the output.</param>
    public KnownScore(UnknownDetector detector, IReadOnlyList<string> distances)
    {
        _detector = detector;
        _tests =
        [
            .. detector.Tests.Select(test => new Test(
                test.Bias,
                [.. DetectorInputs.All.Select(input => test.Weights.GetValueOrDefault(input))],
                [.. distances.Select(distance => test.Weights.GetValueOrDefault(distance))])),
        ];
    }

    /// <summary>The score of a bundle; null if it has no detector.</summary>
    public static KnownScore? Of(BundleManifest manifest) =>
        manifest.Detector is { } detector ? new(detector, manifest.StageTwo.DistanceNames ?? []) : null;

    /// <summary>Whether a score is high enough to accept the answer.</summary>
    public bool Accepts(double score, string className) => score >= _detector.ThresholdOf(className);

    /// <returns>The lowest log odds of the tests.</returns>
    /// <param name="inputs">In the order of <see cref="DetectorInputs.All"/>.</param>
    /// <param name="distances">In the order of their names.</param>
    public double Of(ReadOnlySpan<double> inputs, ReadOnlySpan<float> distances)
    {
        var lowest = double.PositiveInfinity;
        foreach (var test in _tests)
        {
            lowest = Math.Min(lowest, test.LogOdds(inputs, distances));
        }

        return lowest;
    }

    /// <summary>Fills <paramref name="inputs"/> in the order of <see cref="DetectorInputs.All"/>.</summary>
    internal static void FillInputs(
        in ModelOutputs outputs, double confidence, double color, double shape, Span<double> inputs)
    {
        var p = Math.Clamp(confidence, SmallestProbability, 1 - SmallestProbability);
        inputs[0] = outputs.Scores[0];
        inputs[1] = Math.Log(p / (1 - p));
        inputs[2] = color;
        inputs[3] = shape;
        inputs[4] = Math.Min(outputs.Contrast, HighestContrast);
    }

    private sealed record Test(double Bias, double[] Weights, double[] DistanceWeights)
    {
        public double LogOdds(ReadOnlySpan<double> inputs, ReadOnlySpan<float> distances)
        {
            var sum = Bias;
            for (var i = 0; i < inputs.Length; i++)
            {
                sum += Weights[i] * inputs[i];
            }

            for (var i = 0; i < distances.Length; i++)
            {
                sum += DistanceWeights[i] * distances[i];
            }

            return sum;
        }
    }
}
