using System.Text.Json;
using System.Text.Json.Serialization;

namespace PartsWorker.Client;

/// <summary>
/// One image that a line camera has written: where it is stored and when it was taken. The message of PartsWorker; pixels never travel.
/// </summary>
public sealed record ImageReference
{
    /// <summary>Identity of the image; publishing the same id again changes nothing. Never the empty UUID.</summary>
    public required Guid ImageId { get; init; }

    /// <summary>
    /// <c>file:///...</c>, <c>https://...</c> or <c>s3://bucket/key</c>; 1 to 2048 characters.
    /// Workers read only what their configuration allows.
    /// </summary>
    public required string Uri { get; init; }

    /// <summary>Production line: 1 to 64 characters of <c>A-Z a-z 0-9 _ -</c>, because it is a word of the routing key.</summary>
    public required string Line { get; init; }

    /// <summary>Camera on that line; same alphabet as <see cref="Line"/>.</summary>
    public required string Camera { get; init; }

    /// <summary>When the image was taken, years 2000 to 2099. Kept as UTC in whole microseconds, as it is part of keys in SQL.</summary>
    public required DateTimeOffset CapturedAt { get; init; }

    /// <summary>SHA-256 of the file in 64 lowercase hex digits; workers refuse an image that does not match.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Sha256 { get; init; }

    /// <summary>What the line knows about the part (order, tray, shift): at most 64 names, stored beside the result.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? Attributes { get; init; }

    /// <summary>Fields this version does not know; kept and stored, never an error.</summary>
    // Settable, because the source generator cannot bind extension data to an init property.
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Extra { get; set; }
}
