namespace PartsWorker.Trainer.Data;

/// <summary>Image indices for training and for validation.</summary>
internal sealed record DatasetSplit(int[] Train, int[] Validation);

/// <summary>
/// Sets aside a share of each class for validation and keeps near-identical images together. With a plain random split, images of one scene
/// would be on both sides, and everything measured on validation, above all the confidence, would be too optimistic.
/// </summary>
internal static class ValidationSplit
{
    // More candidate groups give a more separate group. Images in production come from scenes outside the training data.
    private const int Tries = 12;
    /// <summary>Classes with fewer images are not split.</summary>
    public const int SmallestClass = 4;

    /// <summary>
    /// Side of the images that are compared. It is the same for all networks, so that both networks of a run set the same images aside.
    /// </summary>
    public const int Side = 64;

    /// <param name="cache">The decoded images; use <see cref="Side"/> if several runs must set the same images aside.</param>
    /// <param name="fraction">Share of each class to set aside, 0..0.5; at least 2 images, or none for a class with fewer than 4.</param>
    /// <param name="seed">The same seed gives the same split.</param>
    public static DatasetSplit Create(PixelCache cache, double fraction = 0.1, int seed = 0)
    {
        var descriptors = new SimilarityDescriptors(cache);
        var classes = Enumerable.Range(0, cache.Count).GroupBy(cache.ClassId).OrderBy(g => g.Key);
        var validation = new HashSet<int>();
        foreach (var members in classes)
        {
            validation.UnionWith(Choose([.. members], fraction, descriptors, Dice.For(seed, members.Key)));
        }

        return new(
            [.. Enumerable.Range(0, cache.Count).Where(i => !validation.Contains(i))],
            [.. Enumerable.Range(0, cache.Count).Where(validation.Contains)]);
    }

    /// <summary>
    /// Forms a group of nearest neighbors around each of a few random images and returns the group farthest from the rest.
    /// </summary>
    private static int[] Choose(int[] members, double fraction, SimilarityDescriptors descriptors, Dice dice)
    {
        if (members.Length < SmallestClass || fraction <= 0)
        {
            return [];
        }

        var size = Math.Max(2, (int)Math.Round(members.Length * fraction));
        return Enumerable.Range(0, Tries)
            .Select(_ => members[dice.Below(members.Length)])
            .Select(seed => members.OrderByDescending(m => m == seed ? 2 : descriptors.Similarity(seed, m)).Take(size).ToArray())
            .MinBy(group => Closeness(group, members, descriptors))!;
    }

    /// <summary>Mean over the group of the similarity to the nearest image outside it.</summary>
    private static float Closeness(int[] group, int[] members, SimilarityDescriptors descriptors)
    {
        var outside = members.Except(group).ToArray();
        return group.Average(g => outside.Max(o => descriptors.Similarity(g, o)));
    }
}
