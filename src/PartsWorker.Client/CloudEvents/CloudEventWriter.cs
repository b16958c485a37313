using System.Buffers;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace PartsWorker.Client;

/// <summary>Writes CloudEvents 1.0. Of a reference the id is the imageId, the source the camera, the time the capture time.</summary>
internal static class CloudEventWriter
{
    public const string EventType = "partsworker.image.captured";
    public const string StructuredContentType = "application/cloudevents+json";

    public static EncodedMessage Structured(ImageReference reference) =>
        Structured(Context(reference), reference, ImageReferenceJson.Default.ImageReference);

    public static EncodedMessage Structured<T>((string Name, string Value)[] context, T data, JsonTypeInfo<T> type)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in context)
            {
                writer.WriteString(name, value);
            }

            writer.WriteString("datacontenttype", "application/json");
            writer.WritePropertyName("data");
            JsonSerializer.Serialize(writer, data, type);
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
        ("source", Source(reference.Line, reference.Camera)),
        ("type", EventType),
        ("time", Time(reference.CapturedAt)),
    ];

    public static string Source(string line, string camera) => $"/lines/{line}/cameras/{camera}";

    public static string Time(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);
}
