namespace PartsWorker.Trainer.Data;

/// <summary>Image numbers for learning and for measuring while learning.</summary>
internal sealed record DatasetSplit(int[] Train, int[] Validation);

/// <summary>
/// Sets aside a part of each class such that near-identical images stay together. With a plain random split, neighbors of the same scene
/// stand on both sides, and every figure fitted on validation (the confidence above all) comes out too good.
/// </summary>
internal static class ValidationSplit
{
    // Images in service come from scenes that no training image shows: the more groups to choose from, the more separate the one set aside.
    private const int Tries = 12;
    private const int SmallestClass = 4;

    /// <summary>
    /// Side of the images that are compared: the same for every network, so that stages of different sizes set the same images aside.
    /// </summary>
    public const int Side = 64;

    /// <param name="cache">The decoded images; <see cref="Side"/> where several runs must agree.</param>
    /// <param name="fraction">Part of each class to set aside, 0..0.5; at least 2 images, none of a class with fewer than 4.</param>
    /// <param name="seed">Same seed, same split.</param>
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

    /// <summary>Grows a group of nearest neighbors around each of a few random images; the one farthest from the rest is taken.</summary>
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
