using System.Runtime.InteropServices;
using System.Text.Json;
using static PartsWorker.Client.ReferenceRules;

namespace PartsWorker.Client;

/// <summary>
/// The fields of one plain JSON object, each where it belongs: known ones by name, the others together. Of a name that stands there twice the
/// last counts. Made for every message, so it asks for no memory unless there are fields it does not know.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal struct FieldSet
{
    private Dictionary<string, JsonElement>? _rest;

    public JsonElement ImageId { get; private set; }

    public JsonElement Uri { get; private set; }

    public JsonElement Line { get; private set; }

    public JsonElement Camera { get; private set; }

    public JsonElement CapturedAt { get; private set; }

    public JsonElement Sha256 { get; private set; }

    public JsonElement Attributes { get; private set; }

    public static FieldSet Of(JsonElement root)
    {
        var fields = default(FieldSet);
        try
        {
            foreach (var property in root.EnumerateObject())
            {
                fields.Add(property);
            }

            return fields;
        }
        catch (InvalidOperationException error)
        {
            throw Bad("body", "has a field name with half of a surrogate pair", error);
        }
    }

    /// <summary>Null where the field is left out; a null in the message counts as left out.</summary>
    public static JsonElement? Take(JsonElement value) => value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null ? null : value;

    public static string Text(string name, JsonElement value) =>
        Take(value) is { } text ? JsonFields.String(name, text) : throw Bad(name, "is missing");

    /// <summary>The same for a word that many messages share.</summary>
    public static string Word(string name, JsonElement value) =>
        Take(value) is { } text ? KnownWords.Read(name, text) : throw Bad(name, "is missing");

    /// <summary>The unknown fields, cloned, because the document goes back to its pool when decoding ends; null without any.</summary>
    public readonly Dictionary<string, JsonElement>? CloneRest()
    {
        if (_rest is null)
        {
            return null;
        }

        foreach (var (name, value) in _rest)
        {
            JsonFields.RequireStorable(name, value);
        }

        return _rest.ToDictionary(e => e.Key, e => e.Value.Clone(), StringComparer.Ordinal);
    }

    private void Add(JsonProperty property)
    {
        if (property.NameEquals("imageId"u8))
        {
            ImageId = property.Value;
        }
        else if (property.NameEquals("uri"u8))
        {
            Uri = property.Value;
        }
        else if (property.NameEquals("line"u8))
        {
            Line = property.Value;
        }
        else if (property.NameEquals("camera"u8))
        {
            Camera = property.Value;
        }
        else if (property.NameEquals("capturedAt"u8))
        {
            CapturedAt = property.Value;
        }
        else if (property.NameEquals("sha256"u8))
        {
            Sha256 = property.Value;
        }
        else if (property.NameEquals("attributes"u8))
        {
            Attributes = property.Value;
        }
        else
        {
            JsonFields.RequireStorableName("body", property);
            (_rest ??= new(StringComparer.Ordinal))[property.Name] = property.Value;
        }
    }
}
