using System.Numerics.Tensors;
using PartsWorker.Trainer.Evaluation;

namespace PartsWorker.Trainer.Export;

/// <summary>
/// Thins a gallery: of each class the rows that differ most, beginning with the one nearest to the class's mean (farthest-point order). What
/// is left out is close to something that stays.
/// </summary>
internal static class GallerySelection
{
    /// <param name="pictures">All candidates.</param>
    /// <param name="perClass">Most rows of one class; 0 keeps all.</param>
    public static List<PictureOutputs> Thin(IReadOnlyList<PictureOutputs> pictures, int perClass) => perClass == 0
        ? [.. pictures]
        : [.. pictures.GroupBy(p => p.ClassId).OrderBy(g => g.Key).SelectMany(g => Farthest([.. g], perClass))];

    private static IEnumerable<PictureOutputs> Farthest(PictureOutputs[] members, int count)
    {
        if (members.Length <= count)
            return members;
        var nearest = new float[members.Length];
        Array.Fill(nearest, float.NegativeInfinity);
        var chosen = new List<PictureOutputs> { members[MostTypical(members)] };
        while (chosen.Count < count)
        {
            for (var i = 0; i < members.Length; i++)
                nearest[i] = Math.Max(nearest[i], TensorPrimitives.Dot<float>(members[i].Embedding, chosen[^1].Embedding));
            chosen.Add(members[TensorPrimitives.IndexOfMin<float>(nearest)]);
        }

        return chosen;
    }

    private static int MostTypical(PictureOutputs[] members)
    {
        var mean = new float[members[0].Embedding.Length];
        foreach (var member in members)
            TensorPrimitives.Add(mean, member.Embedding, mean);
        return TensorPrimitives.IndexOfMax<float>([.. members.Select(m => TensorPrimitives.Dot<float>(m.Embedding, mean))]);
    }
}
