using System.Text.Json;
using PartsWorker.Bundles.Bundle;

namespace PartsWorker.Trainer.Data;

/// <summary>
/// Finds and reads the labels of a data folder: <c>labels.json</c> (names, colors, shapes) or the plain <c>cs_label.json</c>
/// (<c>{"0": {"category": 0, "color": 0}}</c>, key = position of the class folder in sorted order, category = shape).
/// </summary>
internal static class LabelFile
{
    private const string PlainName = "cs_label.json";
    private static readonly JsonSerializerOptions CamelCase = new(JsonSerializerDefaults.Web)
    {
        ReadCommentHandling = JsonCommentHandling.Skip,
        WriteIndented = true,
    };

    /// <returns>The labels; null if there is no label file and <paramref name="explicitPath"/> names none.</returns>
    public static LabelSet? Find(string folder, string? explicitPath, IReadOnlyList<string> classNames)
    {
        if (explicitPath is not null)
        {
            return File.Exists(explicitPath)
                ? Read(explicitPath, classNames)
                : throw new UserErrorException($"{explicitPath}: no such label file");
        }

        var above = Path.GetDirectoryName(Path.GetFullPath(folder).TrimEnd(Path.DirectorySeparatorChar)) ?? folder;
        string[] places = [folder, above];
        var found = places.Select(p => Path.Combine(p, LabelSet.FileName))
            .Concat(places.Select(p => Path.Combine(p, PlainName)))
            .FirstOrDefault(File.Exists);
        return found is null ? null : Read(found, classNames);
    }

    public static UserErrorException Missing(string folder) =>
        new($"{folder}: found neither {LabelSet.FileName} nor {PlainName} in it or in its parent; give one with --labels, "
            + "or let partstrainer train write one");

    public static void Write(string path, LabelSet labels) => File.WriteAllText(path, JsonSerializer.Serialize(labels, CamelCase) + "\n");

    /// <summary>Writes the plain format, which has no names of colors, shapes and classes.</summary>
    public static void WritePlain(string path, LabelSet labels)
    {
        var plain = labels.Classes.ToDictionary(c => $"{c.Id}", c => new PlainLabel(c.Shape, c.Color), StringComparer.Ordinal);
        File.WriteAllText(path, JsonSerializer.Serialize(plain, CamelCase) + "\n");
    }

    private static LabelSet Read(string path, IReadOnlyList<string> classNames)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllText(path));
            var labels = document.RootElement.TryGetProperty("classes", out _)
                ? LabelDocument.Read(document.RootElement)
                : FromPlain(path, document.Deserialize<Dictionary<string, PlainLabel>>(CamelCase)!, classNames);
            labels = labels with { Classes = [.. labels.Classes.Select(c => c with { Name = ClassNames.Normalized(c.Name) })] };
            var problem = labels.FirstProblem() ?? RepeatedName(labels);
            return problem is null ? labels : throw new UserErrorException($"{path}: {problem}");
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new UserErrorException($"{path}: not a valid label file: {error.Message}", inner: error);
        }
    }

    /// <summary>Images find their class by its name, so a name must be unique.</summary>
    private static string? RepeatedName(LabelSet labels) =>
        labels.Classes.GroupBy(c => c.Name, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } same
            ? $"classes {string.Join(" and ", same.Select(c => c.Id))} have the same name \"{same.Key}\"; merge or rename them"
            : null;

    private static LabelSet FromPlain(string path, Dictionary<string, PlainLabel> plain, IReadOnlyList<string> classNames)
    {
        for (var id = 0; id < classNames.Count; id++)
        {
            if (!plain.ContainsKey($"{id}"))
            {
                throw new UserErrorException(
                    $"{path}: no entry \"{id}\" for the class folder \"{classNames[id]}\" (number {id} in sorted order)");
            }
        }

        if (plain.Count > classNames.Count)
        {
            throw new UserErrorException(
                $"{path}: has {plain.Count} entries, but there are {classNames.Count} class folders; "
                    + $"entry \"{classNames.Count}\" has no folder");
        }

        var classes = classNames.Select((name, id) => new PartClass(id, name, plain[$"{id}"].Color, plain[$"{id}"].Category)).ToArray();
        return new()
        {
            Colors = [.. Enumerable.Range(0, classes.Max(c => c.Color) + 1).Select(i => $"color-{i}")],
            Shapes = [.. Enumerable.Range(0, classes.Max(c => c.Shape) + 1).Select(i => $"shape-{i}")],
            Classes = classes,
        };
    }

    private sealed record PlainLabel(int Category, int Color);
}
