using System.Numerics.Tensors;
using PartsWorker.Trainer.Evaluation;

namespace PartsWorker.Trainer.Export;

/// <summary>
/// Reduces a gallery to a few rows per class, each the mean direction of similar images (spherical k-means, initialized with the most
/// typical image and then the images farthest from those chosen). Means remove the peculiarities of single images, and fewer rows per
/// class leave room for more classes among the hits.
/// </summary>
internal static class GallerySelection
{
    private const int Rounds = 10;

    /// <param name="images">All images of the gallery.</param>
    /// <param name="perClass">Maximum number of rows per class; 0 keeps one row per image.</param>
    public static List<ImageOutputs> Thin(IReadOnlyList<ImageOutputs> images, int perClass) => perClass == 0
        ? [.. images]
        : [.. images.GroupBy(p => p.ClassId).OrderBy(g => g.Key).SelectMany(g => Means([.. g], perClass))];

    private static ImageOutputs[] Means(ImageOutputs[] members, int count)
    {
        if (members.Length <= count)
        {
            return members;
        }

        var rows = Farthest(members, count);
        for (var round = 0; round < Rounds; round++)
        {
            var groups = members.GroupBy(m => Nearest(rows, m)).ToDictionary(g => g.Key, Mean);
            rows = [.. rows.Select((row, i) => groups.TryGetValue(i, out var mean) ? row with { Embedding = mean } : row)];
        }

        return rows;
    }

    private static int Nearest(ImageOutputs[] rows, ImageOutputs member) =>
        TensorPrimitives.IndexOfMax<float>([.. rows.Select(r => TensorPrimitives.Dot<float>(r.Embedding, member.Embedding))]);

    private static float[] Mean(IEnumerable<ImageOutputs> members)
    {
        float[]? sum = null;
        foreach (var member in members)
        {
            sum ??= new float[member.Embedding.Length];
            TensorPrimitives.Add(sum, member.Embedding, sum);
        }

        return UnitVector.Of(sum!);
    }

    private static ImageOutputs[] Farthest(ImageOutputs[] members, int count)
    {
        var nearest = new float[members.Length];
        Array.Fill(nearest, float.NegativeInfinity);
        var mean = Mean(members);
        var chosen = new List<ImageOutputs> { members.MaxBy(m => TensorPrimitives.Dot<float>(m.Embedding, mean))! };
        while (chosen.Count < count)
        {
            for (var i = 0; i < members.Length; i++)
            {
                nearest[i] = Math.Max(nearest[i], TensorPrimitives.Dot<float>(members[i].Embedding, chosen[^1].Embedding));
            }

            chosen.Add(members[TensorPrimitives.IndexOfMin<float>(nearest)]);
        }

        return [.. chosen];
    }
}
