using System.Text.Json;
using System.Text.Json.Serialization;

namespace PartsWorker.Trainer.Evaluation;

/// <summary>Measurements of a bundle on labeled images. Rates are 0..1.</summary>
internal sealed record EvaluationResult
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public required string Model { get; init; }

    public required int Images { get; init; }

    public required int Skipped { get; init; }

    [JsonPropertyName("stage1_top1")]
    public required double Stage1Top1 { get; init; }

    /// <summary>Accuracy of the color; null where the labels name no colors.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public required double? Color { get; init; }

    /// <summary>Accuracy of the shape; null where the labels name no shapes.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public required double? Shape { get; init; }

    /// <summary>Accuracy of the filter rule: only candidates with the predicted color and shape.</summary>
    [JsonPropertyName("filter_top1")]
    public required double FilterTop1 { get; init; }

    [JsonPropertyName("fused_top1")]
    public required double FusedTop1 { get; init; }

    /// <summary>How often the true class is among the candidates.</summary>
    [JsonPropertyName("recall_at_50")]
    public required double RecallAt50 { get; init; }

    [JsonPropertyName("recall_at_5")]
    public required double RecallAt5 { get; init; }

    /// <summary>Expected calibration error of the fused confidence, 15 bins.</summary>
    public required double Ece { get; init; }

    [JsonPropertyName("mean_confidence")]
    public required double MeanConfidence { get; init; }

    /// <summary>Mean negative log likelihood of the true class; outside the candidates it counts as -log(1e-6).</summary>
    public required double Nll { get; init; }

    /// <summary>Share of answers that the bundle's thresholds turn into unknown.</summary>
    [JsonPropertyName("unknown_rate")]
    public required double UnknownRate { get; init; }

    /// <summary>
    /// With --holdout-classes: how well the fused confidence separates known from removed classes. The networks saw both in training.
    /// </summary>
    [JsonPropertyName("unknown_auroc")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? UnknownAuroc { get; init; }

    /// <summary>The same for the highest cosine similarity.</summary>
    [JsonPropertyName("unknown_auroc_similarity")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? UnknownAurocSimilarity { get; init; }

    /// <summary>The same for the score of the bundle's unknown detector.</summary>
    [JsonPropertyName("unknown_auroc_detector")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? UnknownAurocDetector { get; init; }

    /// <summary>With --junk: how many images without a part are accepted.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JunkResult? Junk { get; init; }

    /// <summary>With several bundles: accuracy of their majority vote.</summary>
    [JsonPropertyName("ensemble_top1")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? EnsembleTop1 { get; init; }

    /// <summary>Per accuracy the share of the images that can be accepted by confidence, and the threshold.</summary>
    public IReadOnlyList<AcceptedShare> Abstention => AbstentionCurve.SharesAtTargets(Answers);

    /// <summary>Accuracy, confidence and confusion of each class, lowest accuracy first; null where they are not reported.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ClassReliability>? Classes { get; init; }

    /// <summary>Number of images per path of the filter rule.</summary>
    [JsonPropertyName("filter_paths")]
    public required IReadOnlyDictionary<string, int> FilterPaths { get; init; }

    /// <summary>Every image with its answer; not part of the JSON.</summary>
    [JsonIgnore]
    public IReadOnlyList<ClassifiedImage> Answers { get; init; } = [];

    /// <summary>The result as one JSON object.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);
}
