using System.Text.Json;
using System.Text.Json.Serialization;

namespace PartsWorker.Client;

/// <summary>
/// The fields of a message as they arrive. Each may be left out, and null counts as left out:
/// the envelope of a CloudEvent can supply two of them.
/// </summary>
internal sealed class ReferenceFields
{
    public Guid? ImageId { get; set; }

    public string? Uri { get; set; }

    public string? Line { get; set; }

    public string? Camera { get; set; }

    [JsonConverter(typeof(Rfc3339))]
    public DateTimeOffset? CapturedAt { get; set; }

    public string? Sha256 { get; set; }

    public Dictionary<string, string>? Attributes { get; set; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Extra { get; set; }
}
