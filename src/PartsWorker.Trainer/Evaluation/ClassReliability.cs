using System.Text.Json.Serialization;
using PartsWorker.Bundles.Bundle;

namespace PartsWorker.Trainer.Evaluation;

/// <summary>Accuracy and confidence of the answers for the images of one class. Rates are 0..1.</summary>
internal sealed record ClassReliability
{
    [JsonIgnore]
    public int ClassId { get; init; }

    [JsonPropertyName("class")]
    public required string Name { get; init; }

    public required int Images { get; init; }

    public required double Accuracy { get; init; }

    [JsonPropertyName("mean_confidence")]
    public required double MeanConfidence { get; init; }

    /// <summary>Mean confidence minus accuracy; above 0, the answers are overconfident.</summary>
    public double Gap => MeanConfidence - Accuracy;

    /// <summary>Share of the images that the thresholds turn into <c>unknown</c>.</summary>
    [JsonPropertyName("unknown_rate")]
    public required double UnknownRate { get; init; }

    /// <summary>The most frequent wrong answer; null if all answers are right.</summary>
    [JsonPropertyName("confused_with")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ConfusedWith { get; init; }

    /// <summary>Images with that answer.</summary>
    [JsonPropertyName("confused_images")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int ConfusedImages { get; init; }

    /// <summary>The most frequent wrong answer for tables; empty if all answers are right.</summary>
    [JsonIgnore]
    public string Confusion => ConfusedWith is null ? string.Empty : $"{ConfusedWith} ({ConfusedImages})";

    /// <summary>Every class with images, lowest accuracy first.</summary>
    public static IReadOnlyList<ClassReliability> Of(IReadOnlyList<ClassifiedImage> images, LabelSet labels) =>
    [
        .. images.GroupBy(p => p.TrueClass).Select(g => Of(g.Key, [.. g], labels))
            .OrderBy(l => l.Accuracy).ThenBy(l => l.Name, StringComparer.Ordinal),
    ];

    private static ClassReliability Of(int classId, ClassifiedImage[] images, LabelSet labels)
    {
        var wrong = images.Where(p => !p.Right).CountBy(p => p.Answer).OrderByDescending(p => p.Value).FirstOrDefault();
        return new()
        {
            ClassId = classId,
            Name = labels.Classes[classId].Name,
            Images = images.Length,
            Accuracy = images.Average(p => p.Right ? 1.0 : 0),
            MeanConfidence = images.Average(p => p.Verdict.Confidence),
            UnknownRate = images.Average(p => p.Verdict.ClassId is null ? 1.0 : 0),
            ConfusedWith = wrong.Value == 0 ? null : labels.Classes[wrong.Key].Name,
            ConfusedImages = wrong.Value,
        };
    }
}
