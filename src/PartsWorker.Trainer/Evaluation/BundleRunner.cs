using Microsoft.Extensions.Logging.Abstractions;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Inference;
using PartsWorker.Trainer.Data;

namespace PartsWorker.Trainer.Evaluation;

/// <summary>Runs images through a bundle with the worker's own preprocessor and classifier.</summary>
internal sealed class BundleRunner : IDisposable
{
    /// <param name="bundle">The bundle.</param>
    /// <param name="device">Where to run it.</param>
    /// <param name="threads">Threads per operator on the CPU; 0 = the default of the worker.</param>
    /// <param name="precision">Precision; galleries and fitted constants come from fp32.</param>
    public BundleRunner(
        ModelBundle bundle,
        ExecutionDevice device = ExecutionDevice.Auto,
        int threads = 0,
        PrecisionSetting precision = PrecisionSetting.Fp32)
    {
        Preprocessor = new(ImageDecoders.For(bundle.Manifest.Preprocessing), bundle.Manifest.Preprocessing, new());
        InferenceOptions options = new() { Device = device, IntraOpThreads = threads, Precision = precision };
        Classifier = DualStageClassifier.Load(bundle, options, NullLogger.Instance);
    }

    public Preprocessor Preprocessor { get; }

    public DualStageClassifier Classifier { get; }

    /// <param name="images">Images with their true classes.</param>
    /// <param name="skipped">Receives the images that could not be read.</param>
    /// <param name="progress">Receives the number of processed images.</param>
    /// <param name="createView">Creates what modifies the pixels of an image, given its index, once per thread; null = nothing.</param>
    /// <param name="cancel">Stops between two batches.</param>
    /// <returns>One entry per image that could be read, in the order of the images.</returns>
    public List<ImageOutputs> Run(
        IReadOnlyList<LabeledImage> images,
        List<SkippedImage> skipped,
        IProgress<int>? progress = null,
        Func<Action<int, Span<byte>>>? createView = null,
        CancellationToken cancel = default)
    {
        // One run uses a part of the cores, so several parts of the images are decoded and run at the same time.
        var parts = Classifier.InFlight;
        var found = new (List<ImageOutputs> Outputs, List<SkippedImage> Skipped)[parts];
        var done = 0;
        // With the token, a stop ends in one OperationCanceledException and not in an AggregateException of all parts.
        Parallel.For(0, parts, new() { MaxDegreeOfParallelism = parts, CancellationToken = cancel }, part =>
        {
            var range = new Range(images.Count * part / parts, images.Count * (part + 1) / parts);
            found[part] = Run(images, range, createView?.Invoke(), count => progress?.Report(Interlocked.Add(ref done, count)), cancel);
        });
        skipped.AddRange(found.SelectMany(f => f.Skipped));
        return [.. found.SelectMany(f => f.Outputs)];
    }

    private (List<ImageOutputs> Outputs, List<SkippedImage> Skipped) Run(
        IReadOnlyList<LabeledImage> images, Range range, Action<int, Span<byte>>? view, Action<int> report, CancellationToken cancel)
    {
        var outputs = new List<ImageOutputs>();
        var skipped = new List<SkippedImage>();
        using var batch = Classifier.CreateBatch();
        foreach (var chunk in Enumerable.Range(range.Start.Value, range.End.Value - range.Start.Value).Chunk(batch.Capacity))
        {
            cancel.ThrowIfCancellationRequested();
            var prepared = new List<LabeledImage>();
            foreach (var image in chunk)
            {
                var slot = batch.Slot(prepared.Count).Span;
                if (TryPrepare(images[image], slot, skipped))
                {
                    view?.Invoke(image, slot);
                    prepared.Add(images[image]);
                }
            }

            if (prepared.Count > 0)
            {
                Classifier.Run(batch, prepared.Count);
            }

            outputs.AddRange(prepared.Select((image, i) => Copy(image, batch, i)));
            report(chunk.Length);
        }

        return (outputs, skipped);
    }

    public void Dispose()
    {
        Classifier.Dispose();
        Preprocessor.Dispose();
    }

    private bool TryPrepare(LabeledImage image, Span<byte> slot, List<SkippedImage> skipped)
    {
        try
        {
            Preprocessor.Prepare(File.ReadAllBytes(image.Path), slot);
            return true;
        }
        catch (Exception error) when (
            error is UnreadableImageException or ImageTooLargeException or IOException or UnauthorizedAccessException)
        {
            skipped.Add(new(image.Path, error.Message));
            return false;
        }
    }

    private static ImageOutputs Copy(LabeledImage image, ClassifierBatch batch, int slot) => new()
    {
        Path = image.Path,
        ClassId = image.ClassId,
        Embedding = batch.Embedding(slot).ToArray(),
        Features = batch.Features(slot).ToArray(),
        Scores = batch.Scores(slot).ToArray(),
        Indices = batch.Indices(slot).ToArray(),
        ColorLogits = batch.ColorLogits(slot).ToArray(),
        ShapeLogits = batch.ShapeLogits(slot).ToArray(),
        Contrast = batch.Contrast(slot),
        Quality = batch.Quality(slot),
        Distances = batch.Distances(slot).ToArray(),
    };
}
