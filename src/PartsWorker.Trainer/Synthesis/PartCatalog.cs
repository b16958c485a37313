using PartsWorker.Bundles.Bundle;
using PartsWorker.Trainer.Synthesis.Parts;

namespace PartsWorker.Trainer.Synthesis;

/// <summary>One class of the synthetic set: a geometry in a finish.</summary>
internal sealed record CatalogPart(string Name, PartShape Shape, Finish Finish, int ShapeId);

/// <summary>
/// The 122 classes: 61 turned and 61 formed, in 11 colors. Many share a geometry and differ in color only, many share a color and differ in
/// shape only, so that neither network alone can distinguish all of them.
/// </summary>
internal static class PartCatalog
{
    public const int MaxClasses = 122;
    private static readonly string[] ShapeNames = ["turned", "formed"];

    /// <summary>Classes in the order of their ids (names sorted). If fewer than 122, they are spread over the whole catalog.</summary>
    public static IReadOnlyList<CatalogPart> Choose(int classes)
    {
        var turned = Fasteners.All().Concat(Rotating.All()).SelectMany(s => InFinishes(s, 0));
        var formed = Brackets.All().Concat(Hardware.All()).SelectMany(s => InFinishes(s, 1));
        var all = turned.Concat(formed).ToArray();
        return [.. Enumerable.Range(0, classes).Select(i => all[i * all.Length / classes]).OrderBy(p => p.Name, StringComparer.Ordinal)];
    }

    public static LabelSet Labels(IReadOnlyList<CatalogPart> parts) => new()
    {
        Colors = [.. Finish.All.Select(f => f.Name)],
        Shapes = ShapeNames,
        Classes = [.. parts.Select((p, id) => new PartClass(id, p.Name, IndexOf(p.Finish), p.ShapeId))],
    };

    private static int IndexOf(Finish finish) => Finish.All.Select((f, i) => (f, i)).First(x => x.f == finish).i;

    private static IEnumerable<CatalogPart> InFinishes(PartShape shape, int shapeId) =>
        shape.Finishes.Select(f => new CatalogPart($"{shape.Name}-{f}", shape, Finish.Of(f), shapeId));
}
