using System.Runtime.InteropServices;

namespace PartsWorker.Trainer.Evaluation;

/// <summary>
/// Accuracy against coverage: if only the answers above a confidence are accepted and a person looks at the others, how many are accepted,
/// and how many of these are right. Answers are those before the thresholds of the bundle.
/// </summary>
internal static class AbstentionCurve
{
    /// <summary>The accuracies that reports show.</summary>
    private static readonly double[] Targets = [0.90, 0.95, 0.98, 0.99, 0.995];

    /// <summary>One point per distinct confidence, highest confidence first.</summary>
    public static IReadOnlyList<AbstentionPoint> Of(IReadOnlyCollection<ClassifiedImage> answers)
    {
        var points = new List<AbstentionPoint>();
        var (accepted, right) = (0, 0);
        foreach (var same in answers.GroupBy(a => a.Verdict.Confidence).OrderByDescending(g => g.Key))
        {
            accepted += same.Count();
            right += same.Count(a => a.Right);
            points.Add(new(same.Key, accepted / (double)answers.Count, right / (double)accepted));
        }

        return points;
    }

    /// <summary>Per target accuracy the largest share of the images that can be accepted.</summary>
    public static IReadOnlyList<AcceptedShare> SharesAtTargets(IReadOnlyCollection<ClassifiedImage> answers)
    {
        var curve = Of(answers);
        return [.. Targets.Select(target => ShareAt(curve, target))];
    }

    private static AcceptedShare ShareAt(IReadOnlyList<AbstentionPoint> curve, double target) =>
        curve.LastOrDefault(p => p.Accuracy >= target) is { Coverage: > 0 } point
            ? new(target, point.Coverage, point.Confidence)
            : new(target, 0, null);
}

/// <summary>Accepting every answer with at least this confidence. Rates are 0..1.</summary>
/// <param name="Confidence">The lowest accepted confidence.</param>
/// <param name="Coverage">Share of the images that are accepted.</param>
/// <param name="Accuracy">Share of the accepted answers that are right.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct AbstentionPoint(double Confidence, double Coverage, double Accuracy);

/// <summary>The largest share of the images that can be accepted by confidence at an accuracy. Rates are 0..1.</summary>
/// <param name="Accuracy">The accuracy of the accepted answers.</param>
/// <param name="Coverage">Share of the images that are accepted.</param>
/// <param name="Threshold">The lowest accepted confidence; null if no threshold reaches the accuracy.</param>
internal sealed record AcceptedShare(double Accuracy, double Coverage, double? Threshold);
