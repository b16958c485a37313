using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace PartsWorker.Client;

/// <summary>Writes CloudEvents 1.0: id is the imageId, source the camera, time the capture time.</summary>
internal static class CloudEventWriter
{
    public const string EventType = "partsworker.image.captured";
    public const string StructuredContentType = "application/cloudevents+json";

    public static EncodedMessage Structured(ImageReference reference)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in Context(reference))
            {
                writer.WriteString(name, value);
            }

            writer.WriteString("datacontenttype", "application/json");
            writer.WritePropertyName("data");
            JsonSerializer.Serialize(writer, reference, ImageReferenceJson.Default.ImageReference);
            writer.WriteEndObject();
        }

        return new EncodedMessage(buffer.WrittenSpan.ToArray(), StructuredContentType, EncodedMessage.NoHeaders);
    }

    public static EncodedMessage Binary(ImageReference reference) =>
        new(PlainJson.Write(reference), "application/json", Context(reference).ToDictionary(e => "cloudEvents:" + e.Name, e => e.Value));

    private static (string Name, string Value)[] Context(ImageReference reference) =>
    [
        ("specversion", "1.0"),
        ("id", reference.ImageId.ToString("D")),
        ("source", $"/lines/{reference.Line}/cameras/{reference.Camera}"),
        ("type", EventType),
        ("time", reference.CapturedAt.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture)),
    ];
}
