namespace PartsWorker.Configuration;

/// <summary>Finds the name that a misspelt word probably stands for.</summary>
internal static class Spelling
{
    /// <returns>The candidate with the fewest changed letters; null above two changes (one for words of up to four letters).</returns>
    public static string? Nearest(string word, IEnumerable<string> candidates)
    {
        var most = word.Length <= 4 ? 1 : 2;
        return candidates.Select(candidate => (candidate, distance: Distance(word.ToUpperInvariant(), candidate.ToUpperInvariant())))
            .Where(pair => pair.distance <= most).OrderBy(pair => pair.distance).FirstOrDefault().candidate;
    }

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
