namespace PartsWorker.Trainer.Checking;

/// <summary>Images that are in two splits. A network has seen them in training, so figures on the other split are too good.</summary>
internal static class SplitCopies
{
    /// <param name="first">Images of one split.</param>
    /// <param name="second">Images of the other split.</param>
    /// <param name="progress">Receives the number of images compared so far, of both splits.</param>
    /// <param name="cancel">Stops between two images.</param>
    /// <returns>For each image of the second split that is a copy of one of the first: the most similar one.</returns>
    public static IReadOnlyList<SplitCopy> Find(
        IReadOnlyList<ScannedImage> first, IReadOnlyList<ScannedImage> second, IProgress<int>? progress = null,
        CancellationToken cancel = default)
    {
        IReadOnlyList<ScannedImage> all = [.. first, .. second];
        var same = first.DistinctBy(image => image.Sha256).ToDictionary(image => image.Sha256, StringComparer.Ordinal);
        var index = new DescriptorIndex(all, Enumerable.Range(0, all.Count));
        var found = new SplitCopy?[all.Count];
        var done = 0;
        Parallel.For(0, index.Count, new() { CancellationToken = cancel }, place =>
        {
            var image = index[place];
            if (image >= first.Count)
            {
                found[image] = same.TryGetValue(all[image].Sha256, out var original)
                    ? new(original, all[image], 1, IsSameFile: true)
                    : Nearest(index, place, first.Count, all);
            }

            progress?.Report(Interlocked.Increment(ref done));
        });
        return [.. found.OfType<SplitCopy>()];
    }

    private static SplitCopy? Nearest(DescriptorIndex index, int place, int first, IReadOnlyList<ScannedImage> all) =>
        index.CloseTo(place, Similarity.Copy)
            .Where(pair => pair.B < first && Similarity.IsCopy(all[pair.A], all[pair.B], pair.Similarity))
            .OrderByDescending(pair => pair.Similarity)
            .Select(pair => new SplitCopy(all[pair.B], all[pair.A], pair.Similarity, IsSameFile: false))
            .FirstOrDefault();
}

/// <summary>One image in two splits.</summary>
/// <param name="First">The image in the one split.</param>
/// <param name="Second">Its copy in the other split.</param>
/// <param name="Similarity">Dot product of their descriptors; 1 for the same file.</param>
/// <param name="IsSameFile">Whether the files are the same byte by byte.</param>
internal sealed record SplitCopy(ScannedImage First, ScannedImage Second, float Similarity, bool IsSameFile);
