namespace PartsWorker.Trainer.Checking;

/// <summary>Images of different classes that look like copies of one image.</summary>
internal static class LookalikeCheck
{
    /// <param name="data">The data set.</param>
    /// <param name="progress">Receives the number of images compared so far.</param>
    /// <param name="cancel">Stops between two images.</param>
    public static IEnumerable<Finding> Run(DataSet data, IProgress<int>? progress = null, CancellationToken cancel = default)
    {
        var images = data.Scan.Images;
        var pairs = Pairs(images, progress, cancel)
            .Select(p => (images[p.A], images[p.B], p.Similarity))
            .OrderByDescending(p => p.Similarity)
            .ToArray();
        if (pairs.Length > 0)
        {
            yield return new(
                Severity.Warning,
                "near-identical-across-classes",
                $"{pairs.Length} image(s) look the same as an image of another class",
                "If both show the same part, one of the labels is wrong. If the parts differ, the difference is too small at this size.",
                [.. pairs.Select(p => Item(data, p.Item1, p.Item2, p.Similarity))]);
        }
    }

    private static FindingItem Item(DataSet data, ScannedImage a, ScannedImage b, float similarity) =>
        new($"{data.Short(a.Path)} and {data.Short(b.Path)}: similarity {similarity:0.0000}", a.Path, b.Path);

    /// <summary>For each image the nearest copy in another class; a pair that is found from both sides is listed once.</summary>
    private static IEnumerable<CloseImage> Pairs(
        IReadOnlyList<ScannedImage> images, IProgress<int>? progress, CancellationToken cancel)
    {
        // Byte-identical files have their own finding.
        var index = new DescriptorIndex(images, Enumerable.Range(0, images.Count));
        var nearest = new CloseImage?[index.Count];
        var done = 0;
        Parallel.For(0, index.Count, new() { CancellationToken = cancel }, place =>
        {
            foreach (var pair in index.CloseTo(place, Similarity.Copy))
            {
                var (a, b) = (images[pair.A], images[pair.B]);
                if (a.ClassId != b.ClassId && a.Sha256 != b.Sha256 && Similarity.IsCopy(a, b, pair.Similarity)
                    && !(nearest[place]?.Similarity >= pair.Similarity))
                {
                    nearest[place] = pair;
                }
            }

            progress?.Report(Interlocked.Increment(ref done));
        });
        return nearest.OfType<CloseImage>().DistinctBy(p => (Math.Min(p.A, p.B), Math.Max(p.A, p.B)));
    }
}
