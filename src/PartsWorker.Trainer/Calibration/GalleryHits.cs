using System.Numerics.Tensors;
using PartsWorker.Trainer.Evaluation;

namespace PartsWorker.Trainer.Calibration;

/// <summary>
/// The hits that pictures would have in a gallery of other pictures: what the graph's Gemm and TopK do, for galleries that no bundle holds,
/// such as the training pictures without those of validation.
/// </summary>
internal sealed class GalleryHits(IReadOnlyList<float[]> gallery, int topK)
{
    public List<PictureOutputs> Find(IReadOnlyList<PictureOutputs> pictures) => [.. pictures.AsParallel().AsOrdered().Select(Find)];

    private PictureOutputs Find(PictureOutputs picture)
    {
        var cosines = gallery.Select(row => TensorPrimitives.Dot(row, picture.Embedding)).ToArray();
        var rows = Enumerable.Range(0, cosines.Length).OrderByDescending(r => cosines[r]).Take(topK).ToArray();
        return picture with { Scores = [.. rows.Select(r => cosines[r])], Indices = [.. rows.Select(r => (long)r)] };
    }
}
