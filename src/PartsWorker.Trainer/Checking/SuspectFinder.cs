namespace PartsWorker.Trainer.Checking;

/// <summary>
/// Finds labels that are probably wrong: another class is more probable, and the given one has at most a probability of
/// <see cref="CheckOptions.SuspectProbability"/>.
/// </summary>
internal static class SuspectFinder
{
    private const double SmallestProbability = 1e-6;

    /// <param name="images">Probabilities per image; null where nothing is known.</param>
    /// <param name="most">Highest probability of the given class, 0..1.</param>
    /// <returns>Suspects by the loss of their given label, highest first; equal ones by the probability of the suggested label.</returns>
    public static IReadOnlyList<Suspicion> Find(IReadOnlyList<ClassProbabilities?> images, double most) =>
    [
        .. images.Index()
            .Where(i => i.Item is { } image && image.Answer != image.Given && image.OfGiven <= most)
            .Select(i => Of(i.Index, i.Item!))
            .OrderByDescending(s => s.Loss)
            .ThenByDescending(s => s.Confidence),
    ];

    private static Suspicion Of(int at, ClassProbabilities image) => new(
        at, image.Answer, image.Candidates[0].Probability, -Math.Log(Math.Max(image.OfGiven, SmallestProbability)));
}

/// <summary>An image whose label is probably wrong.</summary>
/// <param name="Image">Position of the image.</param>
/// <param name="Suggested">The class that it probably shows.</param>
/// <param name="Confidence">Probability of that class, 0..1.</param>
/// <param name="Loss">Negative log probability of the given class; at most 13.8, for a class that is not among the candidates.</param>
internal sealed record Suspicion(int Image, int Suggested, double Confidence, double Loss);
