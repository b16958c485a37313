using PartsWorker.Bundles.Bundle;

namespace PartsWorker.Trainer;

/// <summary>Finds the names that are similar to a misspelt or incomplete name.</summary>
internal static class NearNames
{
    private const int Most = 3;

    /// <returns>At most three names, the most similar first: a third of the letters may differ, or one contains the other.</returns>
    public static IReadOnlyList<string> Of(string word, IEnumerable<string> names) =>
    [
        .. names.Select(name => (Name: name, Distance: EditDistance.Of(word.ToUpperInvariant(), name.ToUpperInvariant())))
            .Where(n => n.Distance <= Math.Max(1, word.Length / 3) || Contains(n.Name, word) || Contains(word, n.Name))
            .OrderBy(n => n.Distance).ThenBy(n => n.Name, StringComparer.Ordinal)
            .Take(Most)
            .Select(n => n.Name),
    ];

    private static bool Contains(string whole, string part) => part.Length > 0 && whole.Contains(part, StringComparison.OrdinalIgnoreCase);
}
