using PartsWorker.Trainer.Evaluation;

namespace PartsWorker.Trainer.Checking;

/// <summary>Classifies each image by the other images of the data set, with the fusion of the bundle.</summary>
/// <param name="data">The data set.</param>
/// <param name="bundles">One or more bundles; probabilities are averaged over them.</param>
internal sealed class LeaveOneOut(DataSet data, IReadOnlyList<Neighbors> bundles)
{
    /// <param name="progress">Receives the number of classified images.</param>
    /// <param name="cancel">Stops between two images.</param>
    /// <returns>Per image the probability of each candidate class; null where the class has no other image.</returns>
    public IReadOnlyList<ClassProbabilities?> Run(IProgress<int>? progress = null, CancellationToken cancel = default)
    {
        int[] classes = [.. data.Scan.Images.Select(i => i.ClassId)];
        var evaluators = bundles.Select(b => new Evaluator(b.Outputs.Constants, new(), data.Labels, classes)).ToArray();
        var results = new ClassProbabilities?[data.Scan.Images.Count];
        var done = 0;
        Parallel.For(0, results.Length, new() { CancellationToken = cancel }, image =>
        {
            var answers = bundles
                .Select((b, k) => b.Hits(image) is { } hits ? evaluators[k].Classify(hits) : null)
                .OfType<ClassifiedImage>()
                .ToArray();
            results[image] = answers.Length == 0 ? null : ClassProbabilities.Average(classes[image], answers);
            progress?.Report(Interlocked.Increment(ref done));
        });
        return results;
    }
}
