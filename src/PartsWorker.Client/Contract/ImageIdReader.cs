using System.Text.Json;

namespace PartsWorker.Client;

/// <summary>
/// Finds the image id of a message that may be broken anywhere else: other fields, the end, the encoding. Logs, dead letters and their
/// replay name the image by it.
/// </summary>
internal static class ImageIdReader
{
    /// <summary><c>imageId</c> of the object or of its <c>data</c>; otherwise the id of a CloudEvent.</summary>
    public static Guid? Find(ReadOnlyMemory<byte> body, IDictionary<string, object?>? headers)
    {
        var (imageId, eventId) = (default(Guid?), default(Guid?));
        try
        {
            var reader = new Utf8JsonReader(BodyEncoding.AsUtf8(body).Span);
            var inData = false;
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth > 2)
                {
                    continue;
                }

                var top = reader.CurrentDepth == 1;
                inData = top ? reader.ValueTextEquals("data"u8) : inData;
                if ((top || inData) && reader.ValueTextEquals("imageId"u8))
                {
                    imageId = ReadGuid(ref reader) ?? imageId;
                }
                else if (top && reader.ValueTextEquals("id"u8))
                {
                    eventId = ReadGuid(ref reader) ?? eventId;
                }
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or ArgumentException)
        {
            // The rest cannot be read; what was found before counts.
        }

        return imageId ?? eventId ?? CloudEventReader.IdOf(headers);
    }

    private static Guid? ReadGuid(ref Utf8JsonReader reader) =>
        reader.Read() && reader.TokenType == JsonTokenType.String && reader.TryGetGuid(out var id) && id != Guid.Empty ? id : null;
}
