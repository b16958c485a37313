using PartsWorker.Bundles.Bundle;

namespace PartsWorker.Trainer.Evaluation;

/// <summary>Majority vote of several bundles; the higher mean confidence decides ties.</summary>
internal static class Ensemble
{
    /// <summary>Share of right votes on the images that all bundles could answer.</summary>
    /// <param name="answers">The answers of each bundle.</param>
    /// <param name="labels">The labels of each bundle, in the same order: a class has other ids in other bundles.</param>
    public static double Top1(IReadOnlyList<IReadOnlyList<ClassifiedImage>> answers, IReadOnlyList<LabelSet> labels)
    {
        var votes = answers
            .SelectMany((own, bundle) => own.Select(answer => (answer.Path, Named: Name(answer, labels[bundle]))))
            .GroupBy(vote => vote.Path, vote => vote.Named, StringComparer.Ordinal)
            .Where(image => image.Count() == answers.Count)
            .Select(image => image.ToArray())
            .ToArray();
        return votes.Count(image => Vote(image) == image[0].TrueClass) / (double)Math.Max(1, votes.Length);
    }

    public static string Vote(IEnumerable<NamedAnswer> answers) => answers
        .GroupBy(a => a.Class, StringComparer.Ordinal)
        .OrderByDescending(g => g.Count())
        .ThenByDescending(g => g.Average(a => a.Confidence))
        .ThenBy(g => g.Key, StringComparer.Ordinal)
        .First().Key;

    private static NamedAnswer Name(ClassifiedImage answer, LabelSet labels) =>
        new(labels.Classes[answer.TrueClass].Name, labels.Classes[answer.Answer].Name, answer.Verdict.Confidence);
}
