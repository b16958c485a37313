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

    /// <summary>For each row, the number of the member that shows it best: the closest of those with no closer row; -1 = none.</summary>
    /// <param name="rows">The rows that <see cref="Means"/> made of the members.</param>
    /// <param name="members">Unit vectors, all of them or some.</param>
    public static int[] Closest(float[][] rows, float[][] members)
    {
        var nearest = Enumerable.Range(0, members.Length).ToLookup(i => Nearest(rows, members[i]));
        return [.. rows.Select((row, r) =>
            nearest[r].DefaultIfEmpty(-1).MaxBy(i => i < 0 ? float.MinValue : TensorPrimitives.Dot<float>(members[i], row)))];
    }

    // Each row keeps the path of the image closest to it.
    private static IEnumerable<ImageOutputs> Thin(ImageOutputs[] members, int count)
    {
        if (members.Length <= count)
        {
            return members;
        }

        float[][] vectors = [.. members.Select(m => m.Embedding)];
        var rows = Means(vectors, count);
        return rows.Zip(Closest(rows, vectors), (row, closest) => members[Math.Max(closest, 0)] with { Embedding = row });
    }

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
