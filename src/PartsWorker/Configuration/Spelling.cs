using PartsWorker.Bundles.Bundle;

namespace PartsWorker.Configuration;

/// <summary>Finds the name that a misspelt word probably stands for.</summary>
internal static class Spelling
{
    /// <returns>The candidate with the fewest changed letters; null above two changes (one for words of up to four letters).</returns>
    public static string? Nearest(string word, IEnumerable<string> candidates)
    {
        var most = word.Length <= 4 ? 1 : 2;
        return candidates.Select(candidate => (candidate, distance: EditDistance.Of(word.ToUpperInvariant(), candidate.ToUpperInvariant())))
            .Where(pair => pair.distance <= most).OrderBy(pair => pair.distance).FirstOrDefault().candidate;
    }
}
