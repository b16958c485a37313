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
        : [.. images.GroupBy(p => p.ClassId).OrderBy(g => g.Key).SelectMany(g => Thin([.. g], perClass))];

    /// <summary>The rows of one class.</summary>
    /// <param name="members">Unit vectors.</param>
    /// <param name="count">Maximum number of rows; with fewer members, the members are the rows.</param>
    public static float[][] Means(float[][] members, int count)
    {
        if (members.Length <= count)
        {
            return members;
        }

        var rows = Farthest(members, count);
        for (var round = 0; round < Rounds; round++)
        {
            var groups = members.GroupBy(m => Nearest(rows, m)).ToDictionary(g => g.Key, Mean);
            rows = [.. rows.Select((row, i) => groups.GetValueOrDefault(i, row))];
        }

        return rows;
    }

    private static IEnumerable<ImageOutputs> Thin(ImageOutputs[] members, int count) => members.Length <= count
        ? members
        : Means([.. members.Select(m => m.Embedding)], count).Select(row => members[0] with { Embedding = row });

    private static int Nearest(float[][] rows, float[] member) =>
        TensorPrimitives.IndexOfMax<float>([.. rows.Select(r => TensorPrimitives.Dot<float>(r, member))]);

    private static float[] Mean(IEnumerable<float[]> members)
    {
        float[]? sum = null;
        foreach (var member in members)
        {
            sum ??= new float[member.Length];
            TensorPrimitives.Add(sum, member, sum);
        }

        return UnitVector.Of(sum!);
    }

    private static float[][] Farthest(float[][] members, int count)
    {
        var nearest = new float[members.Length];
        Array.Fill(nearest, float.NegativeInfinity);
        var mean = Mean(members);
        var chosen = new List<float[]> { members.MaxBy(m => TensorPrimitives.Dot<float>(m, mean))! };
        while (chosen.Count < count)
        {
            for (var i = 0; i < members.Length; i++)
            {
                nearest[i] = Math.Max(nearest[i], TensorPrimitives.Dot<float>(members[i], chosen[^1]));
            }

            chosen.Add(members[TensorPrimitives.IndexOfMin<float>(nearest)]);
        }

        return [.. chosen];
    }
}
