using System.Text.Json;
using System.Text.Unicode;
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

    public static JsonDocument Parse(ReadOnlyMemory<byte> body)
    {
        if (body.Length is 0 or > MaxBytes)
        {
            throw Bad("body", $"has {body.Length} bytes, must have 1 to {MaxBytes}: publish references, not images");
        }

        if (!Utf8.IsValid(body.Span))
        {
            throw Bad("body", "is not UTF-8");
        }

        try
        {
            return JsonDocument.Parse(body, Options);
        }
        catch (JsonException error)
        {
            throw Bad("body", $"is not JSON (line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1}) or nested more than {Options.MaxDepth} deep", error);
        }
    }

    /// <summary>Reads one object; an envelope may lend the id and the time when the object leaves them out.</summary>
    public static ImageReference Read(JsonElement root, Guid? envelopeId = null, DateTimeOffset? envelopeTime = null)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw Bad("body", $"must be a JSON object, is {JsonFields.Kind(root)}");
        }

        var fields = Collect(root);
        return Normalize(new ImageReference
        {
            ImageId = fields.Take("imageId") is { } id ? JsonFields.Uuid("imageId", id) : envelopeId ?? throw Bad("imageId", "is missing"),
            Uri = fields.TakeText("uri"),
            Line = fields.TakeText("line"),
            Camera = fields.TakeText("camera"),
            CapturedAt = fields.Take("capturedAt") is { } time
                ? JsonFields.Instant("capturedAt", time)
                : envelopeTime ?? throw Bad("capturedAt", "is missing"),
            Sha256 = fields.Take("sha256") is { } digest ? JsonFields.String("sha256", digest) : null,
            Attributes = fields.Take("attributes") is { } map ? JsonFields.StringMap("attributes", map) : null,
            Extra = fields.TakeRest(),
        });
    }

    private static FieldSet Collect(JsonElement root)
    {
        var all = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var property in root.EnumerateObject())
        {
            JsonFields.RequireStorableName("body", property);
            all[property.Name] = property.Value;
        }

        return new FieldSet(all);
    }

    /// <summary>The object's fields, taken one by one; what nobody takes is extra. A null counts as left out.</summary>
    private readonly struct FieldSet(Dictionary<string, JsonElement> all)
    {
        public JsonElement? Take(string name) =>
            all.Remove(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

        public string TakeText(string name) =>
            Take(name) is { } value ? JsonFields.String(name, value) : throw Bad(name, "is missing");

        public Dictionary<string, JsonElement>? TakeRest()
        {
            foreach (var (name, value) in all)
            {
                JsonFields.RequireStorable(name, value);
            }

            // Cloned, because the document goes back to its pool when decoding ends.
            return all.Count == 0 ? null : all.ToDictionary(e => e.Key, e => e.Value.Clone(), StringComparer.Ordinal);
        }
    }
}
