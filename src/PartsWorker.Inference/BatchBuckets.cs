namespace PartsWorker.Inference;

/// <summary>
/// The batch sizes that run. On a GPU they are powers of two, because each new shape needs preparation. On a CPU the steps are finer,
/// because a padding image costs as much as a real one.
/// </summary>
internal static class BatchBuckets
{
    public static int[] For(bool cuda, int maxBatch)
    {
        var sizes = new List<int>();
        for (var size = 1; size < maxBatch; size += cuda ? size : Math.Max(1, size / 4))
        {
            sizes.Add(size);
        }

        sizes.Add(maxBatch);
        return [.. sizes];
    }

    /// <summary>Index of the smallest bucket that holds <paramref name="count"/> images.</summary>
    public static int IndexOf(int[] buckets, int count)
    {
        var at = Array.BinarySearch(buckets, count);
        return at >= 0 ? at : ~at;
    }
}
