using PartsWorker.Bundles.Bundle;
using PartsWorker.Trainer.Data;

namespace PartsWorker.Trainer.Evaluation;

/// <summary>
/// Runs images through a bundle, unchanged and augmented (rotated, closer, in other light). Gallery rows are means over such views, and
/// fusion constants fitted on them give realistic confidence for new scenes.
/// </summary>
/// <param name="bundle">The bundle that runs the images.</param>
/// <param name="seed">The same seed gives the same views.</param>
internal sealed class VariedImages(ModelBundle bundle, int seed) : IDisposable
{
    private static readonly AugmentationOptions Gentle = AugmentationOptions.None with
    {
        Mirror = 0.5f, MinView = 0.75f, MaxView = 1.1f, Rotation = 8, Aspect = 0.1f, Brightness = 0.15f, Contrast = 0.15f,
        Saturation = 0.1f, ChannelGain = 0.03f,
    };

    private readonly BundleRunner _runner = new(bundle, PartsWorker.Inference.ExecutionDevice.Cpu);

    /// <summary>
    /// The outputs per image, with the embedding averaged over the image and <paramref name="views"/> slightly augmented views.
    /// </summary>
    public List<ImageOutputs> Averaged(IReadOnlyList<LabeledImage> images, int views, IProgress<int>? progress, CancellationToken cancel) =>
        WithAverages(images, views, [], progress, cancel).ConvertAll(a => a.Averaged);

    /// <summary>The outputs per image that can be read, and the same with the average of <see cref="Averaged"/>.</summary>
    public List<(ImageOutputs Plain, ImageOutputs Averaged)> WithAverages(
        IReadOnlyList<LabeledImage> images,
        int views,
        List<SkippedImage> skipped,
        IProgress<int>? progress = null,
        CancellationToken cancel = default)
    {
        var plain = _runner.Run(images, skipped, progress, cancel: cancel);
        var sums = plain.ConvertAll(p => (float[])p.Embedding.Clone());
        for (var view = 0; view < views; view++)
        {
            var varied = _runner.Run(images, [], progress, View(Gentle, view), cancel);
            for (var i = 0; i < sums.Count; i++)
            {
                System.Numerics.Tensors.TensorPrimitives.Add(sums[i], varied[i].Embedding, sums[i]);
            }
        }

        return [.. plain.Select((p, i) => (p, p with { Embedding = UnitVector.Of(sums[i]) }))];
    }

    /// <summary>The outputs of the unchanged images.</summary>
    public List<ImageOutputs> Plain(IReadOnlyList<LabeledImage> images, CancellationToken cancel) =>
        _runner.Run(images, [], cancel: cancel);

    /// <summary>The outputs of the unchanged images, followed by those of <paramref name="views"/> strongly augmented copies.</summary>
    public List<List<ImageOutputs>> WithHardViews(IReadOnlyList<LabeledImage> images, int views, CancellationToken cancel)
    {
        var outputs = new List<List<ImageOutputs>> { _runner.Run(images, [], cancel: cancel) };
        for (var view = 0; view < views; view++)
        {
            outputs.Add(_runner.Run(images, [], null, View(AugmentationOptions.Scenes, view), cancel));
        }

        return outputs;
    }

    /// <summary>The outputs of <paramref name="views"/> slightly augmented copies, one list per view.</summary>
    public List<List<ImageOutputs>> GentleViews(IReadOnlyList<LabeledImage> images, int views, CancellationToken cancel) =>
        [.. Enumerable.Range(0, views).Select(view => _runner.Run(images, [], null, View(Gentle, view), cancel))];

    public void Dispose() => _runner.Dispose();

    private Func<Action<int, Span<byte>>> View(AugmentationOptions options, int view) => () =>
    {
        var size = bundle.Manifest.Preprocessing.Size;
        var augmenter = new Augmenter(options, size);
        var source = new byte[size * size * 3];
        return (image, pixels) =>
        {
            pixels.CopyTo(source);
            var dice = Dice.For(seed, image, view);
            augmenter.Apply(source, size, pixels, ref dice);
        };
    };
}
