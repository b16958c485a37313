namespace PartsWorker.Trainer.Checking;

/// <summary>Two classes that are confused with each other.</summary>
/// <param name="A">The one class.</param>
/// <param name="B">The other class.</param>
/// <param name="AsB">Images labeled A that are classified as B.</param>
/// <param name="AsA">Images labeled B that are classified as A.</param>
internal sealed record ConfusedPair(string A, string B, int AsB, int AsA)
{
    /// <returns>Pairs by the number of confused images, highest first.</returns>
    public static IReadOnlyList<ConfusedPair> Count(DataSet data, IEnumerable<ClassProbabilities> images) =>
    [
        .. images.Where(i => i.Answer != i.Given)
            .GroupBy(i => (Low: Math.Min(i.Given, i.Answer), High: Math.Max(i.Given, i.Answer)))
            .Select(g => new ConfusedPair(
                data.Name(g.Key.Low), data.Name(g.Key.High), g.Count(i => i.Given == g.Key.Low), g.Count(i => i.Given == g.Key.High)))
            .OrderByDescending(p => p.AsB + p.AsA)
            .ThenBy(p => p.A, StringComparer.Ordinal),
    ];
}
