using System.Text.Json.Serialization;
using PartsWorker.Trainer.Evaluation;

namespace PartsWorker.Trainer.Refreshing;

/// <summary>
/// Two bundles on the same images. Rates are 0..1. Only the images that exactly one of them classifies correctly carry information (Q.
/// McNemar, Note on the sampling error of the difference between correlated proportions, Psychometrika 12 (1947) 153-157): of these the
/// candidate's share is binomial, with 1/2 for equal bundles. The interval of the difference is the <see cref="ExactInterval"/> of this
/// share, scaled to all images, so that its lower end is above 0 exactly if the two-sided exact McNemar test rejects equality at 5 %.
/// </summary>
internal sealed record PairedComparison
{
    public required int Images { get; init; }

    public required BundleAccuracy Serving { get; init; }

    public required BundleAccuracy Candidate { get; init; }

    /// <summary>Images that only the candidate classifies correctly.</summary>
    public required int Gains { get; init; }

    /// <summary>Images that only the serving bundle classifies correctly.</summary>
    public required int Losses { get; init; }

    /// <summary>Accuracy of the candidate minus that of the serving bundle.</summary>
    public double Difference => Images == 0 ? 0 : (Gains - Losses) / (double)Images;

    /// <summary>Lower end of the 95 % interval of the difference.</summary>
    [JsonPropertyName("difference_low")]
    public double Low => Scaled(share => share.Lower);

    /// <summary>Upper end of the 95 % interval of the difference.</summary>
    [JsonPropertyName("difference_high")]
    public double High => Scaled(share => share.Upper);

    /// <summary>The classes whose accuracy differs, worst loss first.</summary>
    public IReadOnlyList<ClassChange> Changes { get; init; } = [];

    /// <param name="serving">Answers of the serving bundle.</param>
    /// <param name="candidate">Answers of the candidate to the same images.</param>
    /// <param name="classes">Class names by id.</param>
    public static PairedComparison Of(
        IReadOnlyCollection<ClassifiedImage> serving, IReadOnlyCollection<ClassifiedImage> candidate, IReadOnlyList<string> classes)
    {
        var pairs = serving.Join(candidate, s => s.Path, c => c.Path, (s, c) => (s, c), StringComparer.Ordinal).ToArray();
        return new()
        {
            Images = pairs.Length,
            Serving = BundleAccuracy.Of([.. pairs.Select(p => p.s)]),
            Candidate = BundleAccuracy.Of([.. pairs.Select(p => p.c)]),
            Gains = pairs.Count(p => !p.s.Right && p.c.Right),
            Losses = pairs.Count(p => p.s.Right && !p.c.Right),
            Changes = ClassChange.Of(pairs, classes),
        };
    }

    private double Scaled(Func<(double Lower, double Upper), double> end)
    {
        var different = Gains + Losses;
        return different == 0 ? 0 : different / (double)Images * ((2 * end(ExactInterval.Of(Gains, different))) - 1);
    }
}

/// <summary>What one bundle answers. Rates are 0..1.</summary>
internal sealed record BundleAccuracy
{
    [JsonPropertyName("fused_top1")]
    public required double FusedTop1 { get; init; }

    [JsonPropertyName("unknown_rate")]
    public required double UnknownRate { get; init; }

    /// <summary>Expected calibration error of the fused confidence, 15 bins.</summary>
    public required double Ece { get; init; }

    public static BundleAccuracy Of(IReadOnlyCollection<ClassifiedImage> answers) => new()
    {
        FusedTop1 = answers.Count(a => a.Right) / (double)Math.Max(1, answers.Count),
        UnknownRate = answers.Count(a => a.Verdict.ClassId is null) / (double)Math.Max(1, answers.Count),
        Ece = Measures.CalibrationError([.. answers.Select(a => (a.Verdict.Confidence, a.Right))]),
    };
}
