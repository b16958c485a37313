namespace PartsWorker.Trainer.Evaluation;

/// <summary>Several bundles vote: the class most of them answer, among equals the one with the higher mean confidence.</summary>
internal static class Ensemble
{
    public static double Top1(IReadOnlyList<EvaluationResult> results)
    {
        var count = results.Min(r => r.Answers.Count);
        var right = Enumerable.Range(0, count).Count(i => Vote(results.Select(r => r.Answers[i])) == results[0].Answers[i].TrueClass);
        return right / (double)count;
    }

    public static int Vote(IEnumerable<ClassifiedImage> answers) => answers
        .GroupBy(a => a.Answer)
        .OrderByDescending(g => g.Count())
        .ThenByDescending(g => g.Average(a => a.Verdict.Confidence))
        .ThenBy(g => g.Key)
        .First().Key;
}
