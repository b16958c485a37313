using System.Text;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Trainer.Evaluation;

namespace PartsWorker.Trainer.Reports;

/// <summary>A self-contained HTML page: nothing is fetched, images and curves are inside.</summary>
internal static class HtmlReport
{
    private const int WorstClasses = 12;

    /// <param name="file">Where to write it.</param>
    /// <param name="result">What was measured.</param>
    /// <param name="labels">Names.</param>
    /// <param name="runFolder">Run whose training curves are shown too, or null.</param>
    public static void WriteEvaluation(string file, EvaluationResult result, LabelSet labels, string? runFolder = null)
    {
        var page = new StringBuilder();
        page.Append(HtmlPage.Head($"{result.Model}: {result.Images} images"));
        page.Append(Tiles(result));
        if (runFolder is not null)
        {
            page.Append(TrainingCurves.Of(runFolder));
        }

        page.Append("<h2>Can its confidence be believed?</h2>").Append(ReliabilityDiagram.Of(result));
        page.Append("<h2>What the worst classes are taken for</h2>").Append(ConfusionTable.Of(result.Answers, labels, WorstClasses));
        page.Append("<h2>Every class</h2>").Append(Classes(result, labels));
        page.Append("</main></body></html>\n");
        File.WriteAllText(file, page.ToString());
    }

    private static string Tiles(EvaluationResult result)
    {
        (string Name, string Value)[] tiles =
        [
            ("fused", $"{result.FusedTop1:P1}"), ("stage one alone", $"{result.Stage1Top1:P1}"), ("color", $"{result.Color:P1}"),
            ("shape", $"{result.Shape:P1}"),
            ("filter", $"{result.FilterTop1:P1}"), ("among candidates", $"{result.RecallAt50:P1}"),
            ("calibration error", $"{result.Ece:0.000}"), ("answered unknown", $"{result.UnknownRate:P1}"),
        ];
        return $"<div class=tiles>{string.Concat(tiles.Select(t => $"<div><b>{t.Value}</b><span>{t.Name}</span></div>"))}</div>";
    }

    private static string Classes(EvaluationResult result, LabelSet labels)
    {
        var rows = ClassLine.Of(result.Answers, labels).Select(l =>
            $"<tr><td>{HtmlPage.Text(l.Name)}<td>{labels.Colors[labels.Classes[l.ClassId].Color]}"
            + $"<td>{labels.Shapes[labels.Classes[l.ClassId].Shape]}"
            + $"<td class=n>{l.Count}<td class=n>{l.Accuracy:P0}"
            + $"<td><i style='width:{l.Accuracy * 100:0}px'></i><td>{HtmlPage.Text(l.Confusion)}");
        return $"<table><tr><th>class<th>color<th>shape<th>images<th>right<th><th>most often taken for{string.Concat(rows)}</table>";
    }
}
