namespace PartsWorker.Trainer.Refreshing;

/// <summary>Prints the result of a refresh.</summary>
internal static class RefreshTable
{
    private const int Named = 20;

    public static void Print(RefreshResult result, TextWriter output)
    {
        output.WriteLine(
            $"{result.Candidate} from {result.Serving}: {result.TrainingImages} training images, "
                + $"{result.TrainingReviews} of them reviewed, {result.NewClasses.Count} new class(es)");
        Print("recent reviews, held out", result, result.Recent, output);
        Print("frozen set", result, result.Frozen, output);
    }

    /// <summary>The commands that a person runs after a better version.</summary>
    public static void PrintNext(RefreshResult result, TextWriter output)
    {
        output.WriteLine($"{result.Bundle}: {result.Candidate}");
        output.WriteLine("next:");
        output.WriteLine($"  partsworker models register {result.Bundle}");
        output.WriteLine($"  partsworker models shadow {result.Candidate} --share 0.25");
        output.WriteLine($"  partsworker models diff {result.Serving} {result.Candidate} --from DAY --to DAY");
        output.WriteLine($"  partsworker models activate {result.Candidate}    # after a person has read the diff");
    }

    private static void Print(string set, RefreshResult result, PairedComparison compared, TextWriter output)
    {
        output.WriteLine($"{set}: {compared.Images} images");
        output.WriteLine($"  {string.Empty,-36}{result.Serving,20}{result.Candidate,20}");
        Row("fused, top-1", b => $"{b.FusedTop1:P2}");
        Row("unknown answers", b => $"{b.UnknownRate:P2}");
        Row("calibration error", b => $"{b.Ece:0.0000}");
        output.WriteLine(
            $"  difference {compared.Difference * 100:+0.00;-0.00;0.00} points, 95 % interval {compared.Low * 100:+0.00;-0.00;0.00} to "
                + $"{compared.High * 100:+0.00;-0.00;0.00}: {compared.Gains} image(s) gained, {compared.Losses} lost");
        foreach (var change in compared.Changes.Take(Named))
        {
            output.WriteLine($"  {change.Class,-36}{change.Serving,20}{change.Candidate,20}  correct of {change.Images}");
        }

        if (compared.Changes.Count > Named)
        {
            output.WriteLine($"  and {compared.Changes.Count - Named} more class(es); --json lists all");
        }

        void Row(string name, Func<BundleAccuracy, string> value) =>
            output.WriteLine($"  {name,-36}{value(compared.Serving),20}{value(compared.Candidate),20}");
    }
}
