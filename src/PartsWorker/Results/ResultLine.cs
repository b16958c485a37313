using System.Globalization;
using System.Text;
using PartsWorker.Client;

namespace PartsWorker.Results;

/// <summary>A result as one line: for a person, or as the JSON of its event.</summary>
internal static class ResultLine
{
    public static string Text(ClassificationResult result) => string.Create(
        CultureInfo.InvariantCulture,
        $"{result.CapturedAt.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ}  {result.Line}  {result.Camera}  {result.Decision,-8}  "
        + $"{OneLine(result.Class ?? $"({Best(result)}?)")} {result.Confidence:0.000}  "
        + $"{OneLine(result.Color)} {result.ColorConfidence:0.000}  {OneLine(result.Shape)} {result.ShapeConfidence:0.000}  "
        + $"{result.Model}  {result.ImageId:D}");

    public static string Json(ClassificationResult result) => Encoding.UTF8.GetString(ClassificationResultCodec.Encode(result).Body);

    private static string Best(ClassificationResult result) => result.Top5 is [var best, ..] ? best.Class : "";

    // Class names come from bundles; none may write to the terminal what it likes.
    private static string OneLine(string name) => string.Concat(name.Select(character => char.IsControl(character) ? '?' : character));
}
