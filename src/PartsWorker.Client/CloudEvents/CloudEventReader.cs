using System.Text.Json;
using static PartsWorker.Client.ReferenceRules;

namespace PartsWorker.Client;

/// <summary>Reads CloudEvents 1.0 as they arrive over AMQP 0-9-1, where three header spellings are in use.</summary>
internal static class CloudEventReader
{
    private const string ExtraName = "cloudEvent";
    private static readonly string[] Prefixes = ["cloudEvents:", "cloudEvents_", "ce-"];

    public static bool IsStructured(string? contentType)
    {
        if (contentType?.StartsWith("application/cloudevents-batch", StringComparison.OrdinalIgnoreCase) == true)
        {
            throw Bad("contentType", "is a batch of CloudEvents: publish one event per message");
        }

        return contentType?.StartsWith("application/cloudevents", StringComparison.OrdinalIgnoreCase) == true;
    }

    public static ImageReference Structured(JsonElement root)
    {
        var context = PlainJson.ReadObject(root, ImageReferenceJson.Default.DictionaryStringJsonElement);
        if (context.ContainsKey("data_base64"))
        {
            throw Bad("data_base64", "is not supported: send the reference as JSON in data");
        }

        return Read(context.Remove("data", out var data) ? data : throw Bad("data", "is missing"), context);
    }

    /// <summary>The context attributes of a binary CloudEvent, or null when the headers hold none.</summary>
    public static Dictionary<string, JsonElement>? BinaryContext(IDictionary<string, object?>? headers)
    {
        if (headers is null)
        {
            return null;
        }

        var context = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var (name, value) in headers)
        {
            var prefix = PrefixOf(name);
            if (prefix is not null && name.Length > prefix.Length && (HeaderReader.Text(value) ?? value?.ToString()) is { } text)
            {
                context[name[prefix.Length..]] = JsonSerializer.SerializeToElement(text, ImageReferenceJson.Default.String);
            }
        }

        return context.ContainsKey("specversion") ? context : null;
    }

    /// <summary>The id of a binary CloudEvent, if it is that of an image.</summary>
    public static Guid? IdOf(IDictionary<string, object?>? headers) =>
        BinaryContext(headers) is { } context && context.TryGetValue("id", out var id) && id.TryGetGuid(out var uuid) ? uuid : null;

    private static string? PrefixOf(string header) =>
        Array.Find(Prefixes, prefix => header.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));

    public static ImageReference Binary(JsonElement data, Dictionary<string, JsonElement> context) => Read(data, context);

    private static ImageReference Read(JsonElement data, Dictionary<string, JsonElement> context)
    {
        UnknownFields.RequireStorable(context);
        var version = Text(context, "specversion") ?? throw Bad("specversion", "is missing");
        if (!version.StartsWith("1.", StringComparison.Ordinal))
        {
            throw Bad("specversion", $"must be 1.0, is '{Printable(version)}'");
        }

        Guid? id = Guid.TryParseExact(Text(context, "id"), "D", out var uuid) ? uuid : null;
        DateTimeOffset? time = Text(context, "time") is { } text ? Instant("time", text) : null;
        return WithContext(PlainJson.Read(data, id, time), context);
    }

    private static string? Text(Dictionary<string, JsonElement> context, string name) =>
        !context.TryGetValue(name, out var value) ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : throw Bad(name, "must be a string");

    private static DateTimeOffset Instant(string field, string text) =>
        Rfc3339.TryParse(text, out var instant) ? instant : throw Bad(field, Rfc3339.Expected);

    // Source, subject and extension attributes are unknown fields like any other: kept, under one name.
    private static ImageReference WithContext(ImageReference reference, Dictionary<string, JsonElement> context)
    {
        var kept = JsonSerializer.SerializeToElement(context, ImageReferenceJson.Default.DictionaryStringJsonElement);
        return reference with
        {
            Extra = new Dictionary<string, JsonElement>(reference.Extra ?? [], StringComparer.Ordinal) { [ExtraName] = kept },
        };
    }
}
