namespace PartsWorker.Trainer.Checking;

/// <summary>The copies of each image under the same label. They would confirm a wrong label, so they are no evidence for it.</summary>
internal static class Copies
{
    /// <returns>Positions of the copies per image; mostly empty.</returns>
    public static IReadOnlyList<IReadOnlySet<int>> Find(IReadOnlyList<ScannedImage> images, CancellationToken cancel)
    {
        var copies = new IReadOnlySet<int>[images.Count];
        var classes = Enumerable.Range(0, images.Count).GroupBy(i => images[i].ClassId);
        Parallel.ForEach(classes, new() { CancellationToken = cancel }, members =>
        {
            var index = new DescriptorIndex(images, members);
            for (var place = 0; place < index.Count; place++)
            {
                copies[index[place]] = index.CloseTo(place, Similarity.Copy)
                    .Where(p => Similarity.IsCopy(images[p.A], images[p.B], p.Similarity))
                    .Select(p => p.B)
                    .ToHashSet();
            }
        });
        return copies;
    }
}
