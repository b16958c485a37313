namespace PartsWorker.Trainer;

/// <summary>Finds the names that are similar to a misspelt or incomplete name.</summary>
internal static class NearNames
{
    private const int Most = 3;

    /// <returns>At most three names, the most similar first: a third of the letters may differ, or one contains the other.</returns>
    public static IReadOnlyList<string> Of(string word, IEnumerable<string> names) =>
    [
        .. names.Select(name => (Name: name, Distance: Distance(word.ToUpperInvariant(), name.ToUpperInvariant())))
            .Where(n => n.Distance <= Math.Max(1, word.Length / 3) || Contains(n.Name, word) || Contains(word, n.Name))
            .OrderBy(n => n.Distance).ThenBy(n => n.Name, StringComparer.Ordinal)
            .Take(Most)
            .Select(n => n.Name),
    ];

    private static bool Contains(string whole, string part) => part.Length > 0 && whole.Contains(part, StringComparison.OrdinalIgnoreCase);

    /// <summary>Levenshtein distance: letters inserted, removed or replaced.</summary>
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 0; i < a.Length; i++)
        {
            var diagonal = row[0]++;
            for (var j = 0; j < b.Length; j++)
            {
                var replaced = diagonal + (a[i] == b[j] ? 0 : 1);
                diagonal = row[j + 1];
                row[j + 1] = Math.Min(replaced, Math.Min(row[j], diagonal) + 1);
            }
        }

        return row[^1];
    }
}
