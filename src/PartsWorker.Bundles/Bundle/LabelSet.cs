using System.Text.Json.Serialization;

namespace PartsWorker.Bundles.Bundle;

/// <summary>One class of parts; <see cref="Color"/> and <see cref="Shape"/> index the lists of the <see cref="LabelSet"/>.</summary>
public sealed record PartClass(int Id, string Name, int Color, int Shape)
{
    /// <summary>
    /// Whether the class was added without training. The meta model never saw it, so its color and shape do not count in the fusion.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Enrolled { get; init; }
}

/// <summary><c>labels.json</c>: the colors, the shapes and the classes; class ids count from 0 without gaps.</summary>
public sealed record LabelSet
{
    public const string FileName = "labels.json";

    public required IReadOnlyList<string> Colors { get; init; }

    public required IReadOnlyList<string> Shapes { get; init; }

    public required IReadOnlyList<PartClass> Classes { get; init; }

    /// <summary>What is wrong with the labels, in one line, or null.</summary>
    public string? FirstProblem()
    {
        if (Colors.Count == 0 || Shapes.Count == 0 || Classes.Count == 0)
        {
            return "colors, shapes and classes must each have at least one entry";
        }

        for (var i = 0; i < Classes.Count; i++)
        {
            var c = Classes[i];
            if (c.Id != i)
            {
                return $"class ids must count from 0 without gaps, but entry {i} has id {c.Id}";
            }

            if (c.Color < 0 || c.Color >= Colors.Count || c.Shape < 0 || c.Shape >= Shapes.Count)
            {
                return $"class {c.Id} ({c.Name}) names a color or shape that is not in the lists";
            }
        }

        return null;
    }
}
