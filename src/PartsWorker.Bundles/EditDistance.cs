namespace PartsWorker.Bundles;

/// <summary>How far a misspelt name is from another.</summary>
public static class EditDistance
{
    /// <summary>
    /// The number of letters to insert, remove or replace (Levenshtein), without regard to upper and lower case. Source of the algorithm: R. A.
    /// Wagner and M. J. Fischer, "The String-to-String Correction Problem", 1974.
    /// </summary>
    public static int Between(string first, string second)
    {
        var (a, b) = (first.ToUpperInvariant(), second.ToUpperInvariant());
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
