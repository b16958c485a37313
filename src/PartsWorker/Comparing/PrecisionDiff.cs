namespace PartsWorker.Comparing;

/// <summary>What two precisions of one bundle answer for an image, and what a person said of it.</summary>
/// <param name="Example">Image and both answers.</param>
/// <param name="Reviewed">Whether a person has reviewed the image.</param>
/// <param name="Review">The class by that person; null for none of the known classes.</param>
internal sealed record PrecisionAnswers(DiffExample Example, bool Reviewed, string? Review);

/// <summary>Counts the answers of two precisions as those of two models are counted.</summary>
internal static class PrecisionDiff
{
    /// <param name="names">Model key and precision of both sides.</param>
    /// <param name="window">Start and end of the time window.</param>
    /// <param name="answers">One entry per image.</param>
    /// <param name="examples">The most examples to keep.</param>
    public static ModelDiff Of(
        (string A, string B) names,
        (DateTimeOffset From, DateTimeOffset To) window,
        IReadOnlyList<PrecisionAnswers> answers,
        int examples)
    {
        DiffExample[] changed = [.. answers.Select(a => a.Example).Where(e => e.ClassA != e.ClassB)];
        var changes = changed
            .GroupBy(e => (e.ClassA, e.ClassB))
            .Select(g => new ClassChange(
                g.Key.ClassA, g.Key.ClassB, g.Count(), g.Average(e => e.ConfidenceA), g.Average(e => e.ConfidenceB)))
            .OrderByDescending(c => c.Images);
        var surest = changed.OrderByDescending(e => e.ConfidenceA + e.ConfidenceB).Take(examples);
        return new(names.A, names.B, window.From, window.To, Totals(answers, changed.Length), [.. changes], [.. surest]);
    }

    private static DiffTotals Totals(IReadOnlyList<PrecisionAnswers> answers, int changed)
    {
        double Mean(Func<DiffExample, double> value) => answers.Select(a => value(a.Example)).DefaultIfEmpty().Average();
        return new(
            answers.Count,
            answers.Count - changed,
            answers.Count(a => a.Example.ClassA is null),
            answers.Count(a => a.Example.ClassB is null),
            Mean(e => e.ConfidenceA),
            Mean(e => e.ConfidenceB),
            answers.Count(a => a.Reviewed),
            answers.Count(a => a.Reviewed && a.Review == a.Example.ClassA),
            answers.Count(a => a.Reviewed && a.Review == a.Example.ClassB));
    }
}
