using System.Text.Json;
using System.Text.Json.Serialization;

namespace PartsWorker.Trainer.Evaluation;

/// <summary>Measurements of all folds, and their means. Rates are 0..1.</summary>
internal sealed record FoldsResult
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public required IReadOnlyList<FoldResult> Folds { get; init; }

    /// <summary>Mean over the folds of <see cref="FoldResult.KnownTop1"/>; the other means likewise.</summary>
    [JsonPropertyName("known_top1")]
    public double KnownTop1 => Folds.Average(f => f.KnownTop1);

    [JsonPropertyName("false_alarms")]
    public double FalseAlarms => Folds.Average(f => f.FalseAlarms);

    [JsonPropertyName("unknown_accepted")]
    public double UnknownAccepted => Folds.Average(f => f.UnknownAccepted);

    [JsonPropertyName("unknown_auroc")]
    public IReadOnlyDictionary<string, double> UnknownAuroc => UnknownScore.Mean([.. Folds.Select(f => f.UnknownAuroc)]);

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JunkResult? Junk => Folds.Any(f => f.Junk is null) ? null : JunkResult.Mean([.. Folds.Select(f => f.Junk!)]);

    /// <summary>Over the draws of all folds; one entry per number of photos.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<EnrollmentResult>? Enrolled => Folds.Any(f => f.Enrolled is null)
        ? null
        :
        [
            .. Folds.SelectMany(f => f.Enrolled!)
                .GroupBy(e => e.Photos)
                .Select(g => new EnrollmentResult(g.Key, [.. g.SelectMany(e => e.Draws)])),
        ];

    /// <summary>The result as one JSON object.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);
}
