using PartsWorker.Bundles.Bundle;

namespace PartsWorker.Trainer.Data;

/// <summary>
/// Labels for data that comes without a label file: one color and one shape, both unspecified, or colors proposed from the images. They are
/// written beside the data, so that a person can correct them and every later command reads the same ones.
/// </summary>
internal static class NewLabels
{
    /// <summary>The name of the only color or shape of data that has none.</summary>
    public const string Unspecified = "unspecified";

    public static LabelSet Of(IEnumerable<string> classNames) => new()
    {
        Colors = [Unspecified],
        Shapes = [Unspecified],
        Classes = [.. classNames.Select((name, id) => new PartClass(id, name, 0, 0))],
    };

    /// <summary>Whether these values are known: a list of one name says nothing about a part.</summary>
    public static bool IsSpecified(IReadOnlyList<string> colorsOrShapes) => colorsOrShapes is not [Unspecified];

    /// <param name="data">Data that was opened without labels.</param>
    /// <param name="path">Value of <c>--data</c>; the file goes there, or beside a manifest.</param>
    /// <param name="colors">Proposes the colors; null = unspecified.</param>
    /// <param name="output">Receives one line.</param>
    /// <exception cref="UserErrorException">The file cannot be written.</exception>
    public static DataFolder Write(DataFolder data, string path, ColorProposal? colors, TextWriter output)
    {
        var labels = colors?.Propose(data) ?? data.Labels;
        var file = Path.Combine(File.Exists(path) ? Path.GetDirectoryName(Path.GetFullPath(path))! : path, LabelSet.FileName);
        try
        {
            LabelFile.Write(file, labels);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"{path} has no labels, and {file} could not be written: {error.Message}", exitCode: 1, error);
        }

        output.WriteLine($"{path} had no labels. Wrote {file} with {labels.Classes.Count} classes, {Attributes(labels)}");
        return data with { Labels = labels, HasLabels = true };
    }

    private static string Attributes(LabelSet labels) => IsSpecified(labels.Colors)
        ? $"colors proposed from the images ({Counts(labels)}) and no shapes; check the colors before you rely on them"
        : "without colors and shapes: the model will name neither. Edit the file to add them, or delete it and use --propose-colors";

    private static string Counts(LabelSet labels) => string.Join(
        ", ", labels.Classes.CountBy(c => c.Color).OrderByDescending(c => c.Value).Select(c => $"{labels.Colors[c.Key]} {c.Value}"));
}
