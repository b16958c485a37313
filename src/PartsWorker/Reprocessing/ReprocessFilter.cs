using System.Text.Json;
using System.Text.Json.Serialization;

namespace PartsWorker.Reprocessing;

/// <summary>
/// Which images of a time window to classify again; null means any. Class, confidence and decision are those of the current row.
/// </summary>
internal sealed record ReprocessFilter
{
    public string? Line { get; init; }

    public string? Camera { get; init; }

    public string? Class { get; init; }

    /// <summary>Only images whose confidence is at most this, 0 to 1.</summary>
    public float? MaxConfidence { get; init; }

    /// <summary><c>accepted</c> or <c>unknown</c>.</summary>
    public string? Decision { get; init; }

    /// <summary>Most images to publish, oldest first.</summary>
    public long? Limit { get; init; }

    [JsonIgnore]
    public bool FiltersOnResult => Class is not null || MaxConfidence is not null || Decision is not null;

    /// <summary>Equal filters give equal text, by which a killed run is found again.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, ReprocessJson.Default.ReprocessFilter);
}

[JsonSourceGenerationOptions(
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ReprocessFilter))]
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class ReprocessJson : JsonSerializerContext;
