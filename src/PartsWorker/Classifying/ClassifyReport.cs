using System.Text.Encodings.Web;
using System.Text.Json;
using PartsWorker.Bundles.Fusion;
using PartsWorker.Serving;
using PartsWorker.Terminal;

namespace PartsWorker.Classifying;

/// <summary>The output of <c>classify</c>: a table at the end, or one JSON object per file as soon as it is classified.</summary>
internal sealed class ClassifyReport(TextWriter output, TextWriter errors, bool json)
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly List<string[]> _rows = [["file", "class", "confidence", "color", "shape", "next best"]];

    public int Failed { get; private set; }

    public void Add(string file, (int Width, int Height) size, Verdict verdict, IServedModel model)
    {
        if (json)
        {
            output.WriteLine(JsonSerializer.Serialize(Line(file, size, verdict, model), Readable));
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

    private static object Line(string file, (int Width, int Height) size, Verdict verdict, IServedModel model) => new
    {
        file,
        @class = verdict.ClassId is { } id ? model.ClassNames[id] : null,
        classId = verdict.ClassId,
        decision = verdict.Decision,
        confidence = verdict.Confidence,
        color = model.ColorName(verdict.ColorId),
        colorConfidence = verdict.ColorConfidence,
        shape = model.ShapeName(verdict.ShapeId),
        shapeConfidence = verdict.ShapeConfidence,
        maxSimilarity = verdict.MaxSimilarity,
        top1Class = model.ClassNames[verdict.Top1ClassId],
        filterClass = model.ClassNames[verdict.FilterClassId],
        filterPath = verdict.FilterPath,
        top5 = verdict.Top5.Select(candidate => new
        {
            @class = model.ClassNames[candidate.ClassId],
            confidence = candidate.Confidence,
            similarity = candidate.Similarity,
        }),
        width = size.Width,
        height = size.Height,
        model = model.Key,
    };
}
