using System.Text.Json;
using System.Text.Json.Serialization;

namespace PartsWorker.Trainer.Evaluation;

/// <summary>What a bundle achieves on labeled images. Rates are 0..1.</summary>
internal sealed record EvaluationResult
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public required string Model { get; init; }

    public required int Images { get; init; }

    public required int Skipped { get; init; }

    [JsonPropertyName("stage1_top1")]
    public required double Stage1Top1 { get; init; }

    public required double Color { get; init; }

    public required double Shape { get; init; }

    /// <summary>The filter rule: only candidates of the color and shape the heads say.</summary>
    [JsonPropertyName("filter_top1")]
    public required double FilterTop1 { get; init; }

    [JsonPropertyName("fused_top1")]
    public required double FusedTop1 { get; init; }

    /// <summary>How often the true class is among the candidates at all.</summary>
    [JsonPropertyName("recall_at_50")]
    public required double RecallAt50 { get; init; }

    [JsonPropertyName("recall_at_5")]
    public required double RecallAt5 { get; init; }

    /// <summary>Of the fused confidence, 15 bins.</summary>
    public required double Ece { get; init; }

    [JsonPropertyName("mean_confidence")]
    public required double MeanConfidence { get; init; }

    /// <summary>Mean negative log likelihood of the true class; outside the candidates it counts as -log(1e-6).</summary>
    public required double Nll { get; init; }

    /// <summary>Answers the bundle's thresholds call unknown.</summary>
    [JsonPropertyName("unknown_rate")]
    public required double UnknownRate { get; init; }

    /// <summary>With --holdout-classes: how well the fused confidence tells known classes from those the gallery never saw.</summary>
    [JsonPropertyName("unknown_auroc")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? UnknownAuroc { get; init; }

    /// <summary>The same, by the best cosine.</summary>
    [JsonPropertyName("unknown_auroc_similarity")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? UnknownAurocSimilarity { get; init; }

    /// <summary>With --ensemble: majority of the bundles, mean confidence among equals.</summary>
    [JsonPropertyName("ensemble_top1")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? EnsembleTop1 { get; init; }

    /// <summary>How often the filter rule took each path.</summary>
    [JsonPropertyName("filter_paths")]
    public required IReadOnlyDictionary<string, int> FilterPaths { get; init; }

    /// <summary>Each image with its answer; not part of the JSON.</summary>
    [JsonIgnore]
    public IReadOnlyList<ClassifiedImage> Answers { get; init; } = [];

    /// <summary>One JSON object, for machines.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);
}
