namespace PartsWorker.Comparing;

/// <summary>The figures of a <see cref="ModelDiff"/> as text, the same on the page and on the terminal.</summary>
internal static class ModelDiffText
{
    public static IEnumerable<(string Name, string Value)> Totals(DiffTotals totals)
    {
        yield return ("classified by both", $"{totals.Images:N0}");
        yield return ("agreeing", $"{totals.Agreeing:N0} ({Share(totals.Agreeing, totals.Images)})");
        yield return ("unknown", $"{totals.UnknownA:N0} → {totals.UnknownB:N0}");
        var change = totals.ConfidenceB - totals.ConfidenceA;
        yield return ("mean confidence", $"{totals.ConfidenceA:0.000} → {totals.ConfidenceB:0.000} ({change:+0.000;-0.000;0.000})");
        yield return totals.Reviewed == 0
            ? ("right where reviewed", "nothing reviewed in this window")
            : ("right where reviewed", $"{totals.RightA:N0} → {totals.RightB:N0} of {totals.Reviewed:N0}");
    }

    private static string Share(long part, long whole) => whole == 0 ? "-" : $"{(double)part / whole:P2}";
}
