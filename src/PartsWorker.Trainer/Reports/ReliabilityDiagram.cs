using System.Text;
using PartsWorker.Trainer.Evaluation;

namespace PartsWorker.Trainer.Reports;

/// <summary>Accuracy over confidence. Bars on the diagonal mean that the confidence equals the accuracy.</summary>
internal static class ReliabilityDiagram
{
    private const int Side = 300;
    private const int Margin = 34;

    public static string Of(EvaluationResult result)
    {
        var bins = Measures.Bins([.. result.Answers.Select(p => (p.Verdict.Confidence, p.Right))]).ToArray();
        var svg = new StringBuilder(
            $"<svg width={Side + (2 * Margin)} height={Side + (2 * Margin)}><g transform='translate({Margin} {Margin - 12})'>");
        foreach (var bin in bins)
        {
            var (x, width) = (bin.Number * Side / (double)Measures.CalibrationBins, (Side / (double)Measures.CalibrationBins) - 2);
            svg.Append(
                $"<rect x='{x:0.0}' y='{Side * (1 - bin.Accuracy):0.0}' width='{width:0.0}' "
                + $"height='{Side * bin.Accuracy:0.0}' fill='#2f7dd1'>"
                + $"<title>{bin.Count} answers, mean confidence {bin.Confidence:0.00}, correct {bin.Accuracy:P0}</title></rect>");
            svg.Append($"<text x='{x:0.0}' y='{(Side * (1 - bin.Accuracy)) - 3:0.0}'>{bin.Count}</text>");
        }

        svg.Append(
            $"<path d='M0 {Side}L{Side} 0' stroke='#b3372b' stroke-dasharray='5 4' fill=none /><path d='M0 0V{Side}H{Side}' "
                + $"stroke='#8a96a3' fill=none />");
        svg.Append(
            $"<text x=0 y={Side + 16}>0</text><text x={Side - 8} y={Side + 16}>1</text><text x={Side / 2 - 40} "
                + $"y={Side + 28}>confidence</text><text x=-32 y=10>correct</text></g></svg>");
        return svg.Append(
            $"<p>Calibration error {result.Ece:0.0000} over {Measures.CalibrationBins} bins; "
            + "the number above a bar is its number of answers.</p>").ToString();
    }
}
