namespace PartsWorker.Trainer.Checking;

/// <summary>
/// Checks labels with bundles. Every image is classified by the other images of the data set. The gallery of the bundle is not used,
/// because it may contain the image.
/// </summary>
internal sealed class BundleCheck(DataSet data, CheckOptions options)
{
    private const int ShownSuggested = 3;
    private const int ShownGiven = 2;

    /// <param name="outputs">Outputs of one or more bundles.</param>
    /// <param name="progress">Receives the number of classified images.</param>
    /// <param name="cancel">Stops between two images.</param>
    public LabelReport Run(IReadOnlyList<BundleOutputs> outputs, IProgress<int>? progress = null, CancellationToken cancel = default)
    {
        var copies = Copies.Find(data.Scan.Images, cancel);
        var neighbors = outputs.Select(o => new Neighbors(o, copies)).ToArray();
        var images = new LeaveOneOut(data, neighbors).Run(progress, cancel);
        var suspects = SuspectFinder.Find(images, options.SuspectProbability);
        var doubtful = suspects.Select(s => s.Image).ToHashSet();
        var measured = images.OfType<ClassProbabilities>().ToArray();
        return new(
            [.. outputs.Select(o => o.Model)],
            measured.Length,
            measured.Count(i => i.Answer == i.Given) / (double)Math.Max(1, measured.Length),
            suspects.Count,
            [.. suspects.Take(options.Top).Select(s => Describe(s, neighbors[0]))],
            ConfusedPair.Count(data, measured),
            LearningNeeds.Estimate(data, neighbors[0], doubtful, options.MoreImages, cancel));
    }

    private LabelSuspect Describe(Suspicion suspect, Neighbors neighbors)
    {
        var image = data.Scan.Images[suspect.Image];
        string[] Paths(int classId, int count) =>
            [.. neighbors.Nearest(suspect.Image, classId, count).Select(n => data.Scan.Images[n].Path)];
        return new(
            image.Path,
            data.Name(image.ClassId),
            data.Name(suspect.Suggested),
            suspect.Confidence,
            suspect.Loss,
            Paths(suspect.Suggested, ShownSuggested),
            Paths(image.ClassId, ShownGiven));
    }
}
