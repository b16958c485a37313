namespace PartsWorker.Trainer.Evaluation;

/// <summary>Statistics of a set of answers. Rates are 0..1.</summary>
internal static class Measures
{
    public const int CalibrationBins = 15;

    /// <summary>
    /// Expected calibration error (Guo et al. 2017): the gap between mean confidence and accuracy per bin of equal width, weighted by
    /// the number of answers in the bin.
    /// </summary>
    public static double CalibrationError(IReadOnlyList<(double Confidence, bool Right)> answers) =>
        Bins(answers).Sum(b => b.Count * Math.Abs(b.Accuracy - b.Confidence)) / Math.Max(1, answers.Count);

    public static IEnumerable<CalibrationBin> Bins(IReadOnlyList<(double Confidence, bool Right)> answers) => answers
        .GroupBy(a => Math.Clamp((int)Math.Ceiling(a.Confidence * CalibrationBins) - 1, 0, CalibrationBins - 1))
        .OrderBy(g => g.Key)
        .Select(g => new CalibrationBin(g.Key, g.Count(), g.Average(a => a.Confidence), g.Average(a => a.Right ? 1.0 : 0.0)));

    /// <summary>
    /// Area under the ROC curve: the probability that a known part scores above an unknown one; ties count half.
    /// Null if there are no known or no unknown parts.
    /// </summary>
    public static double? AreaUnderRoc(IReadOnlyCollection<double> known, IReadOnlyCollection<double> unknown)
    {
        if (known.Count == 0 || unknown.Count == 0)
        {
            return null;
        }

        var ranked = known.Select(s => (Score: s, Known: true))
            .Concat(unknown.Select(s => (Score: s, Known: false)))
            .OrderBy(x => x.Score)
            .ToArray();
        var rankSum = 0.0;
        for (var i = 0; i < ranked.Length;)
        {
            var end = i;
            while (end < ranked.Length && ranked[end].Score.Equals(ranked[i].Score))
            {
                end++;
            }

            rankSum += ranked[i..end].Count(x => x.Known) * (i + 1 + end) / 2.0;
            i = end;
        }

        return (rankSum - (known.Count * (known.Count + 1.0) / 2)) / ((double)known.Count * unknown.Count);
    }
}

/// <summary>One bar of the reliability diagram.</summary>
/// <param name="Number">0 .. 14; covers (number/15, (number+1)/15].</param>
/// <param name="Count">Answers in it.</param>
/// <param name="Confidence">Their mean confidence.</param>
/// <param name="Accuracy">Their accuracy.</param>
internal sealed record CalibrationBin(int Number, int Count, double Confidence, double Accuracy);
