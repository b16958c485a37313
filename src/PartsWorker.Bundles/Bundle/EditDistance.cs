namespace PartsWorker.Bundles.Bundle;

/// <summary>Levenshtein distance, to suggest the name that was probably meant in place of an unknown one.</summary>
public static class EditDistance
{
    /// <returns>The least number of letters to insert, remove or replace to turn one word into the other; case counts.</returns>
    public static int Of(string first, string second)
    {
        var row = Enumerable.Range(0, second.Length + 1).ToArray();
        foreach (var letter in first)
        {
            var diagonal = row[0]++;
            for (var j = 0; j < second.Length; j++)
            {
                var replaced = diagonal + (letter == second[j] ? 0 : 1);
                diagonal = row[j + 1];
                row[j + 1] = Math.Min(replaced, Math.Min(row[j], diagonal) + 1);
            }
        }

        return row[^1];
    }
}
