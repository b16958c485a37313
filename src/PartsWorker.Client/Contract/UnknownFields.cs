using System.Text.Json;
using static PartsWorker.Client.ReferenceRules;

namespace PartsWorker.Client;

/// <summary>Unknown fields are stored as jsonb: values that jsonb cannot hold are refused here.</summary>
internal static class UnknownFields
{
    private const int MaxNumberDigits = 64;

    /// <exception cref="BadMessageException">
    /// A name or a value holds a NUL character or half of a surrogate pair, or a number is too large.
    /// </exception>
    public static void RequireStorable(Dictionary<string, JsonElement> fields)
    {
        foreach (var (name, value) in fields)
        {
            RequireStorableName("body", name);
            try
            {
                RequireStorable(name, value);
            }
            catch (InvalidOperationException error)
            {
                throw Bad(name, "holds half of a surrogate pair", error);
            }
        }
    }

    private static void RequireStorable(string field, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String when value.GetString()!.Contains('\0'):
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
                    RequireStorableName(field, property.Name);
                    RequireStorable(field, property.Value);
                }

                break;
        }
    }

    private static void RequireStorableName(string parent, string name)
    {
        if (name.Contains('\0'))
        {
            throw Bad(parent, "has a field name with a NUL character");
        }
    }
}
