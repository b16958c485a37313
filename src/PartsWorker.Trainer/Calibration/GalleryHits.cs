using System.Numerics.Tensors;
using PartsWorker.Trainer.Evaluation;

namespace PartsWorker.Trainer.Calibration;

/// <summary>
/// Finds the hits of images in a gallery that is not part of a bundle, such as the training images without the validation images. Same
/// computation as the graph's: the best row of each class, and the top-k classes by it.
/// </summary>
/// <param name="gallery">Unit vectors.</param>
/// <param name="classes">Class of each row.</param>
/// <param name="topK">Number of hits per image at most.</param>
internal sealed class GalleryHits(IReadOnlyList<float[]> gallery, IReadOnlyList<int> classes, int topK)
{
    /// <summary>Class of each row.</summary>
    public IReadOnlyList<int> Classes => classes;

    public List<ImageOutputs> Find(IReadOnlyList<ImageOutputs> images) => [.. images.AsParallel().AsOrdered().Select(Find)];

    private ImageOutputs Find(ImageOutputs image)
    {
        var cosines = gallery.Select(row => TensorPrimitives.Dot(row, image.Embedding)).ToArray();
        var rows = Enumerable.Range(0, cosines.Length)
            .GroupBy(row => classes[row])
            .Select(rowsOfClass => rowsOfClass.MaxBy(row => cosines[row]))
            .OrderByDescending(row => cosines[row])
            .Take(topK)
            .ToArray();
        return image with { Scores = [.. rows.Select(r => cosines[r])], Indices = [.. rows.Select(r => (long)r)] };
    }
}
