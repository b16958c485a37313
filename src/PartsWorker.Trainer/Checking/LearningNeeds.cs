namespace PartsWorker.Trainer.Checking;

/// <summary>Estimates for each class how much further images would raise its recall.</summary>
internal static class LearningNeeds
{
    // With fewer, a quarter of the images is less than one.
    private const int FewestImages = 4;

    /// <param name="data">The data set.</param>
    /// <param name="neighbors">The neighbors in the embedding of one bundle.</param>
    /// <param name="struck">Images with doubtful labels; they are neither measured nor gallery rows.</param>
    /// <param name="more">How many further images to estimate for; at most as many as a gallery has of the class.</param>
    /// <param name="cancel">Stops between two images.</param>
    /// <returns>Classes with at least four images, the largest gain first.</returns>
    public static IReadOnlyList<LearningNeed> Estimate(
        DataSet data, Neighbors neighbors, IReadOnlySet<int> struck, int more, CancellationToken cancel)
    {
        var curves = data.Labels.Classes.Select(_ => new LearningCurve()).ToArray();
        Parallel.For(0, neighbors.Count, new() { CancellationToken = cancel }, image =>
        {
            if (!struck.Contains(image) && neighbors.Cosines(image) is { } cosines)
            {
                Add(curves[data.Scan.Images[image].ClassId], data, image, cosines, struck);
            }
        });
        return [.. curves.Select((curve, id) => (Curve: curve, Id: id))
            .Where(c => c.Curve.Images >= FewestImages)
            .Select(c => Need(data.Name(c.Id), c.Curve, more))
            .OrderByDescending(n => n.Gain).ThenBy(n => n.Recall[^1])];
    }

    private static void Add(LearningCurve curve, DataSet data, int image, float[] cosines, IReadOnlySet<int> struck)
    {
        var given = data.Scan.Images[image].ClassId;
        var own = new List<float>();
        var other = float.NegativeInfinity;
        for (var row = 0; row < cosines.Length; row++)
        {
            if (float.IsNaN(cosines[row]) || struck.Contains(row))
            {
                continue;
            }

            if (data.Scan.Images[row].ClassId == given)
            {
                own.Add(cosines[row]);
            }
            else
            {
                other = Math.Max(other, cosines[row]);
            }
        }

        if (own.Count > 0)
        {
            lock (curve)
            {
                curve.Add(own.Count, own.Count(c => c > other));
            }
        }
    }

    private static LearningNeed Need(string name, LearningCurve curve, int more)
    {
        // Beyond twice the images, a power law is a guess.
        more = Math.Min(more, (int)Math.Max(1, curve.Rows));
        var recall = LearningCurve.Shares.Select(curve.Recall).ToArray();
        var (low, estimate, high) = PowerLaw.Extrapolate(recall, (curve.Rows + more) / curve.Rows, curve.Images);
        return new(name, curve.Images, recall, more, estimate, low, high);
    }
}
