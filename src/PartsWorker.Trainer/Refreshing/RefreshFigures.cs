namespace PartsWorker.Trainer.Refreshing;

/// <summary>The metrics of a refresh in bundle.json; each key begins with the name of the set.</summary>
internal static class RefreshFigures
{
    public static IEnumerable<KeyValuePair<string, double>> Of(string set, PairedComparison comparison)
    {
        KeyValuePair<string, double> Rate(string name, double value) => new(set + name, Math.Round(value, 4));
        yield return new(set + "Images", comparison.Images);
        yield return Rate("FusedTop1", comparison.Candidate.FusedTop1);
        yield return Rate("Ece", comparison.Candidate.Ece);
        yield return Rate("UnknownRate", comparison.Candidate.UnknownRate);
        yield return Rate("ServingFusedTop1", comparison.Serving.FusedTop1);
        yield return Rate("Difference", comparison.Difference);
        yield return Rate("DifferenceLow", comparison.Low);
        yield return Rate("DifferenceHigh", comparison.High);
    }
}
