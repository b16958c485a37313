using System.Text;
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
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw Bad("body", $"must be a JSON object, is {JsonFields.Kind(root)}");
        }

        var context = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        JsonElement? data = null;
        foreach (var property in root.EnumerateObject())
        {
            JsonFields.RequireStorableName("body", property);
            switch (property.Name)
            {
                case "data": data = property.Value; break;
                case "data_base64": throw Bad("data_base64", "is not supported: send the reference as JSON in data");
                default: context[property.Name] = property.Value; break;
            }
        }

        return Read(data ?? throw Bad("data", "is missing"), context);
    }

    /// <summary>The context attributes of a binary CloudEvent, or null when the headers hold none.</summary>
    public static Dictionary<string, JsonElement>? BinaryContext(IDictionary<string, object?>? headers)
    {
        if (headers is null)
        {
            return null;
        }

        Dictionary<string, JsonElement>? context = null;

        // What RabbitMQ.Client gives is a Dictionary; walked as one it needs no enumerator on the heap, for every message.
        foreach (var (name, value) in headers as Dictionary<string, object?> ?? headers.ToDictionary())
        {
            var prefix = PrefixOf(name);
            if (prefix is not null && name.Length > prefix.Length && HeaderText(value) is { } text)
            {
                context ??= new Dictionary<string, JsonElement>(StringComparer.Ordinal);
                context[name[prefix.Length..]] = JsonSerializer.SerializeToElement(text, ImageReferenceJson.Default.String);
            }
        }

        return context?.ContainsKey("specversion") == true ? context : null;
    }

    private static string? PrefixOf(string header)
    {
        foreach (var prefix in Prefixes)
        {
            if (header.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            {
                return prefix;
            }
        }

        return null;
    }

    public static ImageReference Binary(JsonElement data, Dictionary<string, JsonElement> context) => Read(data, context);

    private static ImageReference Read(JsonElement data, Dictionary<string, JsonElement> context)
    {
        var version = context.TryGetValue("specversion", out var spec) ? JsonFields.String("specversion", spec) : throw Bad("specversion", "is missing");
        if (!version.StartsWith("1.", StringComparison.Ordinal))
        {
            throw Bad("specversion", $"must be 1.0, is '{Printable(version)}'");
        }

        Guid? id = context.TryGetValue("id", out var eventId) && Guid.TryParseExact(JsonFields.String("id", eventId), "D", out var uuid) ? uuid : null;
        DateTimeOffset? time = context.TryGetValue("time", out var eventTime) ? JsonFields.Instant("time", eventTime) : null;
        return WithContext(PlainJson.Read(data, id, time), context);
    }

    // Source, subject and extension attributes are unknown fields like any other: kept, under one name.
    private static ImageReference WithContext(ImageReference reference, Dictionary<string, JsonElement> context)
    {
        foreach (var (name, value) in context)
        {
            JsonFields.RequireStorable(name, value);
        }

        var kept = JsonSerializer.SerializeToElement(context, ImageReferenceJson.Default.DictionaryStringJsonElement);
        return reference with
        {
            Extra = new Dictionary<string, JsonElement>(reference.Extra ?? [], StringComparer.Ordinal) { [ExtraName] = kept },
        };
    }

    private static string? HeaderText(object? value) => value switch
    {
        string text => text,
        byte[] bytes => Encoding.UTF8.GetString(bytes),
        _ => value?.ToString(),
    };
}
