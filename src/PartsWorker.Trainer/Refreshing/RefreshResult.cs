using System.Text.Json;
using System.Text.Json.Serialization;

namespace PartsWorker.Trainer.Refreshing;

/// <summary>The result of a refresh.</summary>
internal sealed record RefreshResult
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Key of the serving bundle.</summary>
    public required string Serving { get; init; }

    /// <summary>Key of the candidate.</summary>
    public required string Candidate { get; init; }

    public required bool Better { get; init; }

    /// <summary>The verdict in one line.</summary>
    public required string Reason { get; init; }

    /// <summary>Folder of the new version; null if it was not written.</summary>
    public required string? Bundle { get; init; }

    [JsonPropertyName("new_classes")]
    public required IReadOnlyList<string> NewClasses { get; init; }

    [JsonPropertyName("training_images")]
    public required int TrainingImages { get; init; }

    /// <summary>How many of the training images come from reviews.</summary>
    [JsonPropertyName("training_reviews")]
    public required int TrainingReviews { get; init; }

    /// <summary>On the held-out recent reviews.</summary>
    public required PairedComparison Recent { get; init; }

    /// <summary>On the frozen set.</summary>
    public required PairedComparison Frozen { get; init; }

    /// <summary>The result as one JSON object.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);
}
