namespace PartsWorker.Comparing;

/// <summary>The figures of a <see cref="ModelDiff"/> in words, the same on paper and on the terminal.</summary>
internal static class ModelDiffText
{
    public static IEnumerable<(string Name, string Value)> Totals(DiffTotals totals)
    {
        yield return ("judged by both", $"{totals.Images:N0}");
        yield return ("agreeing", $"{totals.Agreeing:N0} ({Share(totals.Agreeing, totals.Images)})");
        yield return ("unknown", $"{totals.UnknownA:N0} → {totals.UnknownB:N0}");
        yield return ("mean confidence", $"{totals.ConfidenceA:0.000} → {totals.ConfidenceB:0.000} ({totals.ConfidenceB - totals.ConfidenceA:+0.000;-0.000;0.000})");
        yield return totals.Reviewed == 0
            ? ("right where reviewed", "nothing reviewed in this window")
            : ("right where reviewed", $"{totals.RightA:N0} → {totals.RightB:N0} of {totals.Reviewed:N0}");
    }

    private static string Share(long part, long whole) => whole == 0 ? "-" : $"{(double)part / whole:P2}";
}
