using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using static PartsWorker.Client.ReferenceRules;

namespace PartsWorker.Client;

/// <summary>The reference as one plain JSON object: the format that is published by default.</summary>
internal static class PlainJson
{
    /// <summary>A reference, not an image: 256 KiB leaves room for any sensible attributes.</summary>
    public const int MaxBytes = 256 * 1024;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 32 };

    public static byte[] Write(ImageReference reference) =>
        JsonSerializer.SerializeToUtf8Bytes(reference, ImageReferenceJson.Default.ImageReference);

    /// <exception cref="BadMessageException">Readers would refuse a body of so many bytes.</exception>
    public static void RequireSize(int bytes, int most = MaxBytes)
    {
        if (bytes < 1 || bytes > most)
        {
            throw Bad("body", $"has {bytes} bytes, must have 1 to {most}: publish references, not images");
        }
    }

    public static JsonDocument Parse(ReadOnlyMemory<byte> body)
    {
        RequireSize(body.Length);
        try
        {
            return JsonDocument.Parse(BodyEncoding.RequireUtf8(body), Options);
        }
        catch (JsonException error)
        {
            var place = $"line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1}";
            throw Bad("body", $"is not JSON ({place}) or nested more than {Options.MaxDepth} deep", error);
        }
    }

    /// <summary>
    /// Reads one object; an envelope may supply the id and the time when the object leaves them out.
    /// When a field occurs twice, the last one counts.
    /// </summary>
    /// <exception cref="BadMessageException">A field breaks the contract; the message names it.</exception>
    public static ImageReference Read(JsonElement root, Guid? envelopeId = null, DateTimeOffset? envelopeTime = null)
    {
        var fields = ReadObject(root, ImageReferenceJson.Default.ReferenceFields);
        UnknownFields.RequireStorable(fields.Extra ?? []);
        return Normalize(new ImageReference
        {
            ImageId = fields.ImageId ?? envelopeId ?? throw Bad("imageId", "is missing"),
            Uri = fields.Uri ?? throw Bad("uri", "is missing"),
            Line = fields.Line ?? throw Bad("line", "is missing"),
            Camera = fields.Camera ?? throw Bad("camera", "is missing"),
            CapturedAt = fields.CapturedAt ?? envelopeTime ?? throw Bad("capturedAt", "is missing"),
            Sha256 = fields.Sha256,
            Attributes = fields.Attributes,
            Extra = fields.Extra,
        });
    }

    /// <exception cref="BadMessageException">The element is not an object, or a field has the wrong type.</exception>
    public static T ReadObject<T>(JsonElement root, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return root.Deserialize(type) ?? throw new JsonException();
        }
        catch (JsonException error)
        {
            var field = error.Path is null or "$" ? "body" : error.Path.TrimStart('$').TrimStart('.');
            throw Bad(field, Expected(field), error);
        }
    }

    private static string Expected(string field) => field switch
    {
        "body" => "must be a JSON object with field names in valid Unicode",
        "imageId" => "must be a UUID such as 0198c5a2-6f0e-7c3b-9d51-2f4a8e7b6c10",
        "capturedAt" => Rfc3339.Expected,
        "attributes" => "must be an object of strings in valid Unicode",
        _ => "must be a string in valid Unicode",
    };
}
