using System.Text;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Trainer.Evaluation;

namespace PartsWorker.Trainer.Reports;

/// <summary>An HTML page that contains its images and curves and loads nothing from elsewhere.</summary>
internal static class HtmlReport
{
    private const int WorstClasses = 12;

    /// <param name="file">Path of the report.</param>
    /// <param name="result">Measurements to show.</param>
    /// <param name="labels">Names of classes, colors and shapes.</param>
    /// <param name="runFolder">Run folder whose training curves are included, or null.</param>
    public static void WriteEvaluation(string file, EvaluationResult result, LabelSet labels, string? runFolder = null)
    {
        var page = new StringBuilder();
        page.Append(HtmlPage.Head($"{result.Model}: {result.Images} images"));
        page.Append(Tiles(result));
        if (runFolder is not null)
        {
            page.Append(TrainingCurves.Of(runFolder));
        }

        page.Append("<h2>Reliability of the confidence</h2>").Append(ReliabilityDiagram.Of(result));
        page.Append("<h2>Images that need no person</h2>").Append(AbstentionChart.Of(result));
        page.Append("<h2>Classes with the lowest accuracy</h2>").Append(ConfusionTable.Of(result.Answers, labels, WorstClasses));
        page.Append("<h2>All classes</h2><p>Gap: mean confidence minus accuracy; above 0, the answers are overconfident.</p>");
        page.Append(Classes(result, labels));
        page.Append("</main></body></html>\n");
        File.WriteAllText(file, page.ToString());
    }

    private static string Rate(double? share) => share is { } rate ? $"{rate:P1}" : "not labeled";

    private static string Tiles(EvaluationResult result)
    {
        (string Name, string Value)[] tiles =
        [
            ("fused", $"{result.FusedTop1:P1}"), ("embedder alone", $"{result.Stage1Top1:P1}"), ("color", Rate(result.Color)),
            ("shape", Rate(result.Shape)),
            ("filter rule", $"{result.FilterTop1:P1}"), ("true class among candidates", $"{result.RecallAt50:P1}"),
            ("calibration error", $"{result.Ece:0.000}"), ("unknown answers", $"{result.UnknownRate:P1}"),
        ];
        return $"<div class=tiles>{string.Concat(tiles.Select(t => $"<div><b>{t.Value}</b><span>{t.Name}</span></div>"))}</div>";
    }

    private static string Classes(EvaluationResult result, LabelSet labels)
    {
        var rows = ClassReliability.Of(result.Answers, labels).Select(l =>
            $"<tr><td>{HtmlPage.Text(l.Name)}<td>{labels.Colors[labels.Classes[l.ClassId].Color]}"
            + $"<td>{labels.Shapes[labels.Classes[l.ClassId].Shape]}"
            + $"<td class=n>{l.Images}<td class=n>{l.Accuracy:P0}"
            + $"<td><i style='width:{l.Accuracy * 100:0}px'></i><td class=n>{l.MeanConfidence:0.00}<td class=n>{l.Gap:+0.00;-0.00}"
            + $"<td class=n>{l.UnknownRate:P0}<td>{HtmlPage.Text(l.Confusion)}");
        return "<table><tr><th>class<th>color<th>shape<th>images<th>correct<th><th>mean confidence<th>gap<th>unknown"
            + $"<th>most frequent wrong answer{string.Concat(rows)}</table>";
    }
}
