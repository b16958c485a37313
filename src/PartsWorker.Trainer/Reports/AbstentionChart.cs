using System.Text;
using PartsWorker.Trainer.Evaluation;

namespace PartsWorker.Trainer.Reports;

/// <summary>Accuracy of the accepted answers over the share that is accepted, and the shares at a few accuracies.</summary>
internal static class AbstentionChart
{
    private const int Width = 440;
    private const int Height = 240;
    private const int Points = 300;

    public static string Of(EvaluationResult result)
    {
        var curve = AbstentionCurve.Of(result.Answers);
        if (curve.Count == 0)
        {
            return string.Empty;
        }

        // Single answers make the left end jump; the axis ends below the accuracy of all answers.
        var lowest = Math.Floor(curve[^1].Accuracy * 10) / 10;
        double Y(double accuracy) => Height * (1 - ((Math.Max(accuracy, lowest) - lowest) / Math.Max(1 - lowest, 0.1)));
        var line = string.Join(' ', Thin(curve).Select(p => $"{p.Coverage * Width:0.0},{Y(p.Accuracy):0.0}"));
        var svg = new StringBuilder($"<svg width={Width + 90} height={Height + 60}><g transform='translate(44 16)'>");
        svg.Append($"<path d='M0 0V{Height}H{Width}' stroke='#8a96a3' fill=none />");
        svg.Append($"<polyline fill=none stroke='#2f7dd1' stroke-width=1.6 points='{line}' />");
        foreach (var share in result.Abstention.Where(s => s.Threshold is not null))
        {
            svg.Append($"<circle cx='{share.Coverage * Width:0.0}' cy='{Y(share.Accuracy):0.0}' r=3.5 fill='#b3372b'>");
            svg.Append($"<title>{Sentence(share)}</title></circle>");
        }

        svg.Append($"<text x=-40 y=8>100 %</text><text x=-40 y={Height}>{lowest:P0}</text><text x=0 y={Height + 16}>0</text>");
        svg.Append($"<text x={Width - 12} y={Height + 16}>100 %</text>");
        svg.Append($"<text x={(Width / 2) - 60} y={Height + 32}>accepted images</text>");
        svg.Append("<text x=8 y=-4>correct among the accepted</text></g></svg>");
        return $"{svg}{Table(result.Abstention)}<p>Thresholds were chosen on these images; on others, the accuracy differs.</p>";
    }

    private static string Table(IReadOnlyList<AcceptedShare> shares)
    {
        var rows = shares.Select(
            s => $"<tr><td class=n>{s.Accuracy * 100:0.#} %<td class=n>{s.Coverage:P1}<td class=n>{ThresholdText(s)}");
        return $"<table><tr><th>correct<th>images that need no person<th>confidence at least{string.Concat(rows)}</table>";
    }

    private static string Sentence(AcceptedShare share) =>
        $"at {share.Accuracy * 100:0.#} % correct, {share.Coverage:P1} of the images need no person: "
        + $"confidence at least {ThresholdText(share)}";

    /// <summary>The threshold, rounded down, so that it accepts the answer that it was taken from.</summary>
    public static string ThresholdText(AcceptedShare share) =>
        share.Threshold is { } threshold ? $"{Math.Floor(threshold * 10_000) / 10_000:0.0000}" : "-";

    private static IEnumerable<AbstentionPoint> Thin(IReadOnlyList<AbstentionPoint> curve)
    {
        var step = Math.Max(1, curve.Count / Points);
        return curve.Where((_, i) => i % step == 0 || i == curve.Count - 1);
    }
}
