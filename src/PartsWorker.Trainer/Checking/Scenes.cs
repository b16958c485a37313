namespace PartsWorker.Trainer.Checking;

/// <summary>The scenes of each class: images that are connected by pairs above <see cref="Similarity.Scene"/> count as one scene.</summary>
internal static class Scenes
{
    /// <returns>Number of scenes per class id; classes without readable images are missing.</returns>
    public static IReadOnlyDictionary<int, int> Count(IReadOnlyList<ScannedImage> images) => Enumerable.Range(0, images.Count)
        .GroupBy(i => images[i].ClassId)
        .AsParallel()
        .Select(members => (ClassId: members.Key, Scenes: CountIn(new(images, members))))
        .ToDictionary(c => c.ClassId, c => c.Scenes);

    private static int CountIn(DescriptorIndex members)
    {
        var parents = new Dictionary<int, int>();
        var scenes = members.Count;
        for (var place = 0; place < members.Count; place++)
        {
            foreach (var pair in members.CloseTo(place, Similarity.Scene, onlyLater: true))
            {
                var (a, b) = (Root(parents, pair.A), Root(parents, pair.B));
                if (a != b)
                {
                    parents[a] = b;
                    scenes--;
                }
            }
        }

        return scenes;
    }

    private static int Root(Dictionary<int, int> parents, int image)
    {
        while (parents.TryGetValue(image, out var parent))
        {
            image = parent;
        }

        return image;
    }
}
