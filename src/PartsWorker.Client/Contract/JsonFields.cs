using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using static PartsWorker.Client.ReferenceRules;

namespace PartsWorker.Client;

/// <summary>Reads single fields out of JSON; what is wrong is said with the name of the field.</summary>
internal static partial class JsonFields
{
    private const int MaxNumberDigits = 64;

    public static string String(string field, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            throw Bad(field, $"must be a string, is {Kind(value)}");
        }

        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException error)
        {
            throw Bad(field, "holds half of a surrogate pair", error);
        }
    }

    public static Guid Uuid(string field, JsonElement value) =>
        (value.ValueKind == JsonValueKind.String && value.TryGetGuid(out var id)) || Guid.TryParseExact(String(field, value), "D", out id)
            ? id
            : throw Bad(field, "must be a UUID such as 0198c5a2-6f0e-7c3b-9d51-2f4a8e7b6c10");

    public static DateTimeOffset Instant(string field, JsonElement value) =>
        IsPlain(value) && value.TryGetDateTimeOffset(out var instant) ? instant : Instant(field, String(field, value));

    public static DateTimeOffset Instant(string field, string text) =>
        Rfc3339().IsMatch(text)
        && DateTimeOffset.TryParse(CutFraction(text), CultureInfo.InvariantCulture, DateTimeStyles.None, out var instant)
            ? instant
            : throw Bad(field, "must be RFC 3339 with an offset, such as 2026-11-21T06:30:00.250Z");

    // Seconds and an offset are there, so what .NET's own reader takes is RFC 3339: read without making a string, as it comes with every message.
    private static bool IsPlain(JsonElement value) =>
        value.ValueKind == JsonValueKind.String && JsonMarshal.GetRawUtf8Value(value) is [_, .. { Length: >= 20 } text, _]
        && text[10] == (byte)'T' && text[16] == (byte)':' && (text[^1] == (byte)'Z' || (text[^3] == (byte)':' && text[^6] is (byte)'+' or (byte)'-'));

    public static IReadOnlyDictionary<string, string> StringMap(string field, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            throw Bad(field, $"must be an object of strings, is {Kind(value)}");
        }

        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var property in value.EnumerateObject())
        {
            var name = Name(field, property);
            map[name] = String($"{field}.{name}", property.Value);
        }

        return map;
    }

    public static string Name(string parent, JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException error)
        {
            throw Bad(parent, "has a field name with half of a surrogate pair", error);
        }
    }

    /// <summary>Unknown fields are stored as jsonb, so whatever jsonb cannot hold is refused while the sender can still be named.</summary>
    public static void RequireStorable(string field, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String when String(field, value).Contains('\0'):
                throw Bad(field, "holds a NUL character");
            case JsonValueKind.Number when value.GetRawText().Length > MaxNumberDigits || !double.IsFinite(value.GetDouble()):
                throw Bad(field, "is a number too large to keep");
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                {
                    RequireStorable(field, item);
                }

                break;
            case JsonValueKind.Object:
                foreach (var property in value.EnumerateObject())
                {
                    RequireStorableName(field, property);
                    RequireStorable(field, property.Value);
                }

                break;
        }
    }

    public static void RequireStorableName(string parent, JsonProperty property)
    {
        if (Name(parent, property).Contains('\0'))
        {
            throw Bad(parent, "has a field name with a NUL character");
        }
    }

    public static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => "a boolean",
        JsonValueKind.Number => "a number",
        JsonValueKind.Array => "an array",
        JsonValueKind.Object => "an object",
        JsonValueKind.Null or JsonValueKind.Undefined => "missing",
        _ => "a string",
    };

    // .NET reads seven digits of a second; RFC 3339 allows any number, and everything below a microsecond is dropped anyway.
    private static string CutFraction(string text) => LongFraction().Replace(text, "${kept}");

    [GeneratedRegex(@"\A\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,30})?([Zz]|[+-]\d\d:\d\d)\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Rfc3339();

    [GeneratedRegex(@"(?<kept>\.\d{7})\d+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LongFraction();
}
