using System.Text.Json;
using static PartsWorker.Client.ReferenceRules;

namespace PartsWorker.Client;

/// <summary>Writes and reads results: CloudEvents 1.0, everything in the body. Readers ignore fields that they do not know.</summary>
public static class ClassificationResultCodec
{
    /// <summary>Type of the event.</summary>
    public const string EventType = "partsworker.part.classified";

    private const string DataSchema = "urn:partsworker:classification-result:1";

    /// <summary>
    /// The event: id is <see cref="ClassificationResult.EventId"/>, source the camera, subject the imageId, and time the row's.
    /// </summary>
    public static EncodedMessage Encode(ClassificationResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return CloudEventWriter.Structured(
            [
                ("specversion", "1.0"),
                ("id", result.EventId),
                ("source", CloudEventWriter.Source(result.Line, result.Camera)),
                ("subject", result.ImageId.ToString("D")),
                ("type", EventType),
                ("time", CloudEventWriter.Time(result.StoredAt)),
                ("dataschema", DataSchema),
            ],
            result,
            ResultJson.Default.ClassificationResult);
    }

    /// <summary>Reads an event.</summary>
    /// <param name="body">The message body, 1 byte to 256 KiB; not kept after the call.</param>
    /// <exception cref="BadMessageException">It is not a result; one line: the field and what is wrong.</exception>
    public static ClassificationResult Decode(ReadOnlyMemory<byte> body)
    {
        using var document = PlainJson.Parse(body);
        var root = document.RootElement;
        if (Text(root, "type") != EventType)
        {
            throw Bad("type", $"must be {EventType}");
        }

        if (Text(root, "specversion")?.StartsWith("1.", StringComparison.Ordinal) != true || !root.TryGetProperty("data", out var data))
        {
            throw Bad("body", "is not a CloudEvent 1.0 with data");
        }

        try
        {
            return data.Deserialize(ResultJson.Default.ClassificationResult) ?? throw new JsonException("null");
        }
        catch (JsonException error)
        {
            throw Bad("data", $"is not a classification result: {Printable(error.Message, 200)}", error);
        }
    }

    private static string? Text(JsonElement root, string name) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
