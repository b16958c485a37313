using System.Text.Encodings.Web;
using System.Text.Json;
using PartsWorker.Bundles.Fusion;
using PartsWorker.Serving;
using PartsWorker.Terminal;

namespace PartsWorker.Classifying;

/// <summary>The output of <c>classify</c>: a table at the end, or one JSON object per file as soon as it is classified.</summary>
internal sealed class ClassifyReport(TextWriter output, TextWriter errors, bool json)
{
    private static readonly JsonSerializerOptions Readable = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
    private readonly List<string[]> _rows = [["file", "class", "confidence", "color", "shape", "next best"]];

    public int Failed { get; private set; }

    public void Add(string file, (int Width, int Height) size, Verdict verdict, IServedModel model)
    {
        if (json)
        {
            output.WriteLine(JsonSerializer.Serialize(ClassifiedImage.Of(file, size, verdict, model), Readable));
        }
        else
        {
            _rows.Add(Row(file, verdict, model));
        }
    }

    public void Fail(string file, string problem)
    {
        Failed++;
        errors.WriteLine($"partsworker: {file}: {problem}");
        if (json)
        {
            output.WriteLine(JsonSerializer.Serialize(new { file, error = problem }, Readable));
        }
    }

    public void Summarize(IServedModel model)
    {
        if (json)
        {
            return;
        }

        var widths = _rows[0].Select((_, column) => _rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in _rows)
        {
            output.WriteLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }

        output.WriteLine($"classified {Counted.Of(_rows.Count - 1, "image")} with {model.Key} on {model.Device}, {Failed} failed");
    }

    private static string[] Row(string file, Verdict verdict, IServedModel model) =>
    [
        Path.GetRelativePath(Environment.CurrentDirectory, file),
        verdict.ClassId is { } id ? model.ClassNames[id] : verdict.Decision,
        $"{verdict.Confidence:0.000}",
        $"{model.ColorName(verdict.ColorId)} {verdict.ColorConfidence:0.000}",
        $"{model.ShapeName(verdict.ShapeId)} {verdict.ShapeConfidence:0.000}",
        string.Join(", ", verdict.Top5.Skip(verdict.ClassId is null ? 0 : 1)
            .Select(candidate => $"{model.ClassNames[candidate.ClassId]} {candidate.Confidence:0.000}")),
    ];
}
