using Microsoft.Extensions.Logging.Abstractions;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Inference;
using PartsWorker.Trainer.Data;

namespace PartsWorker.Trainer.Evaluation;

/// <summary>Runs images through a bundle with the worker's own preprocessor and classifier.</summary>
internal sealed class BundleRunner : IDisposable
{
    public BundleRunner(ModelBundle bundle, ExecutionDevice device = ExecutionDevice.Auto, int threads = 0)
    {
        Preprocessor = new(ImageDecoders.For(bundle.Manifest.Preprocessing), bundle.Manifest.Preprocessing, new());
        Classifier = DualStageClassifier.Load(bundle, new() { Device = device, IntraOpThreads = threads }, NullLogger.Instance);
    }

    public Preprocessor Preprocessor { get; }

    public DualStageClassifier Classifier { get; }

    /// <param name="images">Images with their true classes.</param>
    /// <param name="skipped">Receives the images that could not be read.</param>
    /// <param name="progress">Receives the number of processed images.</param>
    /// <param name="view">Modifies the pixels of an image, given its index; null = none.</param>
    /// <param name="cancel">Stops between two batches.</param>
    public List<ImageOutputs> Run(
        IReadOnlyList<LabeledImage> images,
        List<SkippedImage> skipped,
        IProgress<int>? progress = null,
        Action<int, Span<byte>>? view = null,
        CancellationToken cancel = default)
    {
        var outputs = new List<ImageOutputs>(images.Count);
        var prepared = new List<LabeledImage>();
        using var batch = Classifier.CreateBatch();
        for (var next = 0; next < images.Count; next++)
        {
            cancel.ThrowIfCancellationRequested();
            var slot = batch.Slot(prepared.Count).Span;
            if (TryPrepare(images[next], slot, skipped))
            {
                view?.Invoke(next, slot);
                prepared.Add(images[next]);
            }

            if (prepared.Count < batch.Capacity && next + 1 < images.Count)
            {
                continue;
            }

            if (prepared.Count > 0)
            {
                Classifier.Run(batch, prepared.Count);
            }

            outputs.AddRange(prepared.Select((image, i) => Copy(image, batch, i)));
            prepared.Clear();
            progress?.Report(next + 1);
        }

        return outputs;
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
    };
}
