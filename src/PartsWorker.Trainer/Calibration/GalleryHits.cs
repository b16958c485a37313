using System.Numerics.Tensors;
using PartsWorker.Trainer.Evaluation;

namespace PartsWorker.Trainer.Calibration;

/// <summary>
/// Finds the hits of images in a gallery that is not part of a bundle, such as the training images without the validation images. Same
/// computation as Gemm and TopK in the graph.
/// </summary>
internal sealed class GalleryHits(IReadOnlyList<float[]> gallery, int topK)
{
    public List<ImageOutputs> Find(IReadOnlyList<ImageOutputs> images) => [.. images.AsParallel().AsOrdered().Select(Find)];

    private ImageOutputs Find(ImageOutputs image)
    {
        var cosines = gallery.Select(row => TensorPrimitives.Dot(row, image.Embedding)).ToArray();
        var rows = Enumerable.Range(0, cosines.Length).OrderByDescending(r => cosines[r]).Take(topK).ToArray();
        return image with { Scores = [.. rows.Select(r => cosines[r])], Indices = [.. rows.Select(r => (long)r)] };
    }
}
