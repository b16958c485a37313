namespace PartsWorker.Trainer.Evaluation;

/// <summary>Majority vote of several bundles; the higher mean confidence decides ties.</summary>
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
