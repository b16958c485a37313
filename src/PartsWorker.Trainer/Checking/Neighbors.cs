using System.Numerics.Tensors;
using PartsWorker.Trainer.Evaluation;

namespace PartsWorker.Trainer.Checking;

/// <summary>
/// Uses all other images of the data set as gallery of an image (leave-one-out). The image itself and its copies under the same label are
/// left out. Thread-safe.
/// </summary>
internal sealed class Neighbors(BundleOutputs outputs, IReadOnlyList<IReadOnlySet<int>> copies)
{
    public BundleOutputs Outputs => outputs;

    public int Count => outputs.Images.Count;

    /// <summary>Cosine of each eligible image; NaN for the others.</summary>
    public float[]? Cosines(int image)
    {
        if (outputs.Images[image] is not { } query)
        {
            return null;
        }

        var cosines = new float[Count];
        for (var row = 0; row < cosines.Length; row++)
        {
            cosines[row] = row != image && outputs.Images[row] is { } other && !copies[image].Contains(row)
                ? TensorPrimitives.Dot<float>(query.Embedding, other.Embedding)
                : float.NaN;
        }

        return cosines;
    }

    /// <summary>
    /// The image with its hits; null if no other image of its class is eligible, because then nothing can be said about the label.
    /// </summary>
    public ImageOutputs? Hits(int image)
    {
        if (Cosines(image) is not { } cosines)
        {
            return null;
        }

        var query = outputs.Images[image]!;
        var best = new PriorityQueue<int, float>();
        var own = false;
        for (var row = 0; row < cosines.Length; row++)
        {
            if (float.IsNaN(cosines[row]))
            {
                continue;
            }

            own |= outputs.Images[row]!.ClassId == query.ClassId;
            best.Enqueue(row, cosines[row]);
            if (best.Count > outputs.TopK)
            {
                best.Dequeue();
            }
        }

        return own ? WithHits(query, best, cosines) : null;
    }

    /// <summary>The eligible images of a class that are most similar to an image.</summary>
    public IEnumerable<int> Nearest(int image, int classId, int count) => Cosines(image) is { } cosines
        ? Enumerable.Range(0, Count)
            .Where(row => !float.IsNaN(cosines[row]) && outputs.Images[row]!.ClassId == classId)
            .OrderByDescending(row => cosines[row])
            .Take(count)
        : [];

    private static ImageOutputs WithHits(ImageOutputs query, PriorityQueue<int, float> best, float[] cosines)
    {
        var rows = new long[best.Count];
        for (var at = rows.Length - 1; at >= 0; at--)
        {
            rows[at] = best.Dequeue();
        }

        return query with { Indices = rows, Scores = [.. rows.Select(r => cosines[r])] };
    }
}
