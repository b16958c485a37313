using System.Text.Json;
using System.Text.Json.Serialization;

namespace PartsWorker.Reprocessing;

/// <summary>Which images of a window to judge again; null means any. The conditions on the answer look at the current row.</summary>
internal sealed record ReprocessFilter
{
    public string? Line { get; init; }

    public string? Camera { get; init; }

    public string? Class { get; init; }

    /// <summary>Only images whose confidence is at most this, 0 to 1.</summary>
    public float? MaxConfidence { get; init; }

    /// <summary><c>accepted</c> or <c>unknown</c>.</summary>
    public string? Decision { get; init; }

    /// <summary>At most so many images, oldest first.</summary>
    public long? Limit { get; init; }

    [JsonIgnore]
    public bool LooksAtAnswers => Class is not null || MaxConfidence is not null || Decision is not null;

    /// <summary>Equal filters give equal text: a killed run is found again by it.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, ReprocessJson.Default.ReprocessFilter);
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ReprocessFilter))]
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class ReprocessJson : JsonSerializerContext;
