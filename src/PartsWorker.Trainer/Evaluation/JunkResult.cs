using System.Text.Json.Serialization;
using PartsWorker.Trainer.Data;

namespace PartsWorker.Trainer.Evaluation;

/// <summary>How many images without a part a bundle accepts. Rates are 0..1.</summary>
internal sealed record JunkResult
{
    public required int Images { get; init; }

    /// <summary>Share that the thresholds of the bundle accept.</summary>
    public required double Accepted { get; init; }

    /// <summary>How well each score separates known parts from junk.</summary>
    public required IReadOnlyDictionary<string, double> Auroc { get; init; }

    /// <summary>Accepted share of each kind, by its name.</summary>
    [JsonPropertyName("accepted_by_kind")]
    public required IReadOnlyDictionary<string, double> AcceptedByKind { get; init; }

    public static JunkResult Of(IReadOnlyCollection<ClassifiedImage> known, IReadOnlyCollection<ClassifiedImage> junk) => new()
    {
        Images = junk.Count,
        Accepted = AcceptedShare(junk),
        Auroc = UnknownScore.Auroc(known, junk),
        AcceptedByKind = junk.GroupBy(c => JunkFolder.KindOf(c.Path), StringComparer.Ordinal)
            .OrderBy(g => g.Key, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, AcceptedShare, StringComparer.Ordinal),
    };

    /// <summary>Mean over several bundles on the same images.</summary>
    public static JunkResult Mean(IReadOnlyCollection<JunkResult> results) => new()
    {
        Images = results.First().Images,
        Accepted = results.Average(r => r.Accepted),
        Auroc = UnknownScore.Mean([.. results.Select(r => r.Auroc)]),
        AcceptedByKind = UnknownScore.Mean([.. results.Select(r => r.AcceptedByKind)]),
    };

    private static double AcceptedShare(IEnumerable<ClassifiedImage> images) => images.Average(c => c.Verdict.ClassId is null ? 0.0 : 1);
}
