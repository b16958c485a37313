using PartsWorker.Bundles.Bundle;
using PartsWorker.Trainer.Evaluation;

namespace PartsWorker.Trainer.Calibration;

/// <summary>
/// Chooses the thresholds for <c>unknown</c>. Confidence: the lowest threshold at which the accepted answers reach the target accuracy.
/// Similarity: low enough to accept nearly all known images.
/// </summary>
internal static class ThresholdChoice
{
    private const double HighestConfidence = 0.95;
    private const double KnownRejected = 0.005;
    private const double Precision = 1e4;

    /// <param name="classified">Validation images with their answers.</param>
    /// <param name="accuracy">Target accuracy of accepted answers, 0..1.</param>
    public static UnknownThresholds Choose(IReadOnlyList<ClassifiedImage> classified, double accuracy)
    {
        var similarities = classified.Select(c => c.Verdict.MaxSimilarity).Order().ToArray();
        return new()
        {
            Confidence = Confidence(classified, accuracy),
            Similarity = Rounded(similarities[(int)(KnownRejected * similarities.Length)]),
        };
    }

    private static double Confidence(IReadOnlyList<ClassifiedImage> classified, double accuracy)
    {
        var falling = classified.OrderByDescending(c => c.Verdict.Confidence).ToArray();
        var (right, lowest) = (0, HighestConfidence);
        for (var i = 0; i < falling.Length; i++)
        {
            right += falling[i].Right ? 1 : 0;
            if (right >= accuracy * (i + 1))
            {
                lowest = falling[i].Verdict.Confidence;
            }
        }

        var everything = right >= accuracy * falling.Length;
        return everything ? 0 : Rounded(Math.Min(lowest, HighestConfidence));
    }

    // Down, so that the image at the threshold is accepted.
    private static double Rounded(double threshold) => Math.Floor(threshold * Precision) / Precision;
}
