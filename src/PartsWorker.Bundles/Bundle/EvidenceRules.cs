namespace PartsWorker.Bundles.Bundle;

/// <summary>
/// The named ways in which the hits of one class become its evidence <c>a_c</c>. A bundle names its rule; a new rule gets a new name and
/// never changes the existing ones.
/// </summary>
public static class EvidenceRules
{
    /// <summary><c>a_c = max s_k / T1</c> over the hits k of class c.</summary>
    public const string MaxHit = "max-hit";

    /// <summary>
    /// <c>a_c = log(sum exp(s_k / T1) / n_c)</c> over the hits k of class c, with n_c its gallery rows: every hit counts, and a class does
    /// not win by having more images.
    /// </summary>
    public const string AllHits = "all-hits";

    public static IReadOnlyList<string> All { get; } = [MaxHit, AllHits];

    public static bool IsKnown(string rule) => All.Contains(rule, StringComparer.Ordinal);
}
