namespace PartsWorker.Trainer.Evaluation;

/// <summary>A number that is high for known parts and low for unknown ones.</summary>
/// <param name="Name">Key in the JSON, heading in tables.</param>
/// <param name="Of">The number for one image; null if the bundle does not have it.</param>
internal sealed record UnknownScore(string Name, Func<ClassifiedImage, double?> Of)
{
    public static IReadOnlyList<UnknownScore> All { get; } =
    [
        new("confidence", c => c.Verdict.Confidence),
        new("similarity", c => c.Verdict.MaxSimilarity),
        new("detector", c => c.Verdict.KnownScore),
    ];

    /// <summary>Area under the ROC curve of each score, by name; empty if there are no known or no unknown images.</summary>
    public static IReadOnlyDictionary<string, double> Auroc(
        IReadOnlyCollection<ClassifiedImage> known, IReadOnlyCollection<ClassifiedImage> unknown) =>
        All.Where(score => known.All(c => score.Of(c) is not null))
            .Select(score => (score.Name, Area: Measures.AreaUnderRoc([.. Values(score, known)], [.. Values(score, unknown)])))
            .Where(a => a.Area is not null)
            .ToDictionary(a => a.Name, a => a.Area!.Value, StringComparer.Ordinal);

    private static IEnumerable<double> Values(UnknownScore score, IEnumerable<ClassifiedImage> images) =>
        images.Select(c => score.Of(c)!.Value);

    /// <summary>Mean of each area over several measurements.</summary>
    public static IReadOnlyDictionary<string, double> Mean(IReadOnlyCollection<IReadOnlyDictionary<string, double>> areas) =>
        areas.SelectMany(a => a).GroupBy(a => a.Key, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Average(a => a.Value));
}
