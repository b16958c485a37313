using PartsWorker.Bundles.Bundle;
using PartsWorker.Trainer.Data;
using PartsWorker.Trainer.Evaluation;

namespace PartsWorker.Trainer.Checking;

/// <summary>
/// The outputs of a bundle for the images of a data set. Classes are those of the data set; the bundle need not know them. The bundle's
/// colors and shapes are used only if they are the same as those of the data set.
/// </summary>
internal sealed class BundleOutputs
{
    /// <param name="model">Key of the bundle.</param>
    /// <param name="constants">Its fusion.</param>
    /// <param name="topK">Number of hits per image.</param>
    /// <param name="images">See <see cref="Images"/>.</param>
    public BundleOutputs(string model, FusionConstants constants, int topK, IReadOnlyList<ImageOutputs?> images)
    {
        Model = model;
        Constants = constants;
        TopK = topK;
        Images = images;
    }

    public string Model { get; }

    public FusionConstants Constants { get; }

    public int TopK { get; }

    /// <summary>One per readable image of the data set, in its order; null if the bundle's decoder cannot read it.</summary>
    public IReadOnlyList<ImageOutputs?> Images { get; }

    /// <param name="bundle">The bundle.</param>
    /// <param name="data">The data set.</param>
    /// <param name="progress">Receives the number of processed images.</param>
    /// <param name="cancel">Stops between two batches.</param>
    public static BundleOutputs Read(ModelBundle bundle, DataSet data, IProgress<int>? progress, CancellationToken cancel)
    {
        // The runner leaves out what it cannot read; the position in place of the class shows which outputs belong to which image.
        var numbered = data.Scan.Images.Select((image, i) => new LabeledImage(image.Path, i)).ToArray();
        using var runner = new BundleRunner(bundle);
        var images = new ImageOutputs?[numbered.Length];
        var (colors, shapes) = (Same(bundle.Labels.Colors, data.Labels.Colors), Same(bundle.Labels.Shapes, data.Labels.Shapes));
        foreach (var output in runner.Run(numbered, [], progress, cancel: cancel))
        {
            images[output.ClassId] = output with
            {
                ClassId = data.Scan.Images[output.ClassId].ClassId,
                ColorLogits = colors ? output.ColorLogits : new float[data.Labels.Colors.Count],
                ShapeLogits = shapes ? output.ShapeLogits : new float[data.Labels.Shapes.Count],
            };
        }

        return new(bundle.Key, bundle.Manifest.Fusion, bundle.Manifest.StageOne.TopK, images);
    }

    private static bool Same(IReadOnlyList<string> theirs, IReadOnlyList<string> ours) =>
        theirs.SequenceEqual(ours, StringComparer.Ordinal);
}
