using PartsWorker.Bundles.Bundle;

namespace PartsWorker.Bundles.Fusion;

/// <summary>
/// The filter rule: keep the candidates whose color and shape the heads predict, and choose the kept class with the highest cosine
/// (ties: lower id). When none is kept, only color counts, then only shape, then the best hit.
/// </summary>
internal static class FilterRule
{
    public static (int ClassId, string Path) Answer(in CandidateList candidates, IReadOnlyList<PartClass> classes, int color, int shape)
    {
        int both = -1, sameColor = -1, sameShape = -1, any = -1;
        for (var i = 0; i < candidates.Count; i++)
        {
            var c = classes[candidates.Ids[i]];
            any = Better(candidates, i, any);
            sameColor = c.Color == color ? Better(candidates, i, sameColor) : sameColor;
            sameShape = c.Shape == shape ? Better(candidates, i, sameShape) : sameShape;
            both = c.Color == color && c.Shape == shape ? Better(candidates, i, both) : both;
        }

        var (at, path) = (both, sameColor, sameShape) switch
        {
            ( >= 0, _, _) => (both, FilterPaths.Both),
            (_, >= 0, _) => (sameColor, FilterPaths.Color),
            (_, _, >= 0) => (sameShape, FilterPaths.Shape),
            _ => (any, FilterPaths.Top1),
        };
        return (candidates.Ids[at], path);
    }

    private static int Better(in CandidateList candidates, int i, int than)
    {
        if (than < 0)
        {
            return i;
        }

        var (a, b) = (candidates.Similarities[i], candidates.Similarities[than]);
        return a > b || (a == b && candidates.Ids[i] < candidates.Ids[than]) ? i : than;
    }
}
