using System.Text.Json;
using PartsWorker.Bundles.Bundle;

namespace PartsWorker.Trainer.Data;

/// <summary>
/// Reads <c>labels.json</c>. Color and shape of a class may be indices or names, in American or British spelling; unknown fields are
/// ignored.
/// </summary>
internal static class LabelDocument
{
    /// <exception cref="JsonException">A field is missing or has the wrong type; the message names it.</exception>
    public static LabelSet Read(JsonElement root)
    {
        var colors = Names(root, "colors", "colours");
        var shapes = Names(root, "shapes");
        var classes = Property(root, "classes").EnumerateArray().Select((c, i) => new PartClass(
            c.TryGetProperty("id", out var id) ? id.GetInt32() : i,
            Property(c, "name").GetString()!,
            Index(c, colors, "color_id", "color", "colour"),
            Index(c, shapes, "shape_id", "shape"))).ToArray();
        return new() { Colors = colors, Shapes = shapes, Classes = classes };
    }

    private static string[] Names(JsonElement root, params string[] spellings) =>
        [.. Property(root, spellings).EnumerateArray().Select(e => e.GetString()!)];

    private static int Index(JsonElement part, string[] names, params string[] spellings)
    {
        var value = Property(part, spellings);
        if (value.ValueKind == JsonValueKind.Number)
        {
            return value.GetInt32();
        }

        var at = Array.IndexOf(names, value.GetString());
        return at >= 0 ? at : throw new JsonException($"class {part.GetProperty("name")}: {spellings[^1]} \"{value}\" is not in the list");
    }

    private static JsonElement Property(JsonElement element, params string[] spellings)
    {
        foreach (var name in spellings)
        {
            if (element.TryGetProperty(name, out var value))
            {
                return value;
            }
        }

        throw new JsonException($"\"{spellings[0]}\" is missing in {(element.TryGetProperty("name", out var name1)
            ? $"class {name1}"
            : "the file")}");
    }
}
