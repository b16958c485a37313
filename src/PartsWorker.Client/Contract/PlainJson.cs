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

        var fields = FieldSet.Of(root);
        return Normalize(new ImageReference
        {
            ImageId = FieldSet.Take(fields.ImageId) is { } id ? JsonFields.Uuid("imageId", id) : envelopeId ?? throw Bad("imageId", "is missing"),
            Uri = FieldSet.Text("uri", fields.Uri),
            Line = FieldSet.Word("line", fields.Line),
            Camera = FieldSet.Word("camera", fields.Camera),
            CapturedAt = FieldSet.Take(fields.CapturedAt) is { } time
                ? JsonFields.Instant("capturedAt", time)
                : envelopeTime ?? throw Bad("capturedAt", "is missing"),
            Sha256 = FieldSet.Take(fields.Sha256) is { } digest ? JsonFields.String("sha256", digest) : null,
            Attributes = FieldSet.Take(fields.Attributes) is { } map ? JsonFields.StringMap("attributes", map) : null,
            Extra = fields.CloneRest(),
        });
    }
}
