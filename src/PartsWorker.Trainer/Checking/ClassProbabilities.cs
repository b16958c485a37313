using PartsWorker.Trainer.Evaluation;

namespace PartsWorker.Trainer.Checking;

/// <summary>Probabilities of an image's candidate classes, averaged over the bundles.</summary>
/// <param name="Given">The class that the label names.</param>
/// <param name="Candidates">Class ids and probabilities, the most probable first.</param>
internal sealed record ClassProbabilities(int Given, IReadOnlyList<(int ClassId, double Probability)> Candidates)
{
    /// <summary>Probability of the given class, 0..1.</summary>
    public double OfGiven => Candidates.FirstOrDefault(c => c.ClassId == Given).Probability;

    public int Answer => Candidates[0].ClassId;

    public static ClassProbabilities Average(int given, IReadOnlyList<ClassifiedImage> answers) => new(
        given,
        [.. answers.SelectMany(a => a.Verdict.Top5)
            .GroupBy(c => c.ClassId)
            .Select(g => (ClassId: g.Key, Probability: g.Sum(c => c.Confidence) / answers.Count))
            .OrderByDescending(c => c.Probability)]);
}
