using System.Runtime.InteropServices;
using System.Text.Json;

namespace PartsWorker.Client;

/// <summary>
/// Line and camera names seen before: a factory has few, and every message names two. Each place of the table holds the last word that fell
/// there, so it never grows; a race only makes a word twice. Thread-safe.
/// </summary>
internal static class KnownWords
{
    private const int Places = 512;
    private static readonly string?[] Table = new string?[Places];

    /// <summary>The word of a JSON string, from the table where it is there. Errors as <see cref="JsonFields.String"/>.</summary>
    public static string Read(string field, JsonElement value)
    {
        var raw = value.ValueKind == JsonValueKind.String ? JsonMarshal.GetRawUtf8Value(value) : default;
        if (raw.Length is 0 or > ReferenceRules.MaxWord + 2)
        {
            return JsonFields.String(field, value);
        }

        var hash = default(HashCode);
        hash.AddBytes(raw);
        ref var place = ref Table[(uint)hash.ToHashCode() % Places];
        return place is { } known && value.ValueEquals(known) ? known : place = JsonFields.String(field, value);
    }
}
