using System.Numerics;

namespace PartsWorker.Trainer.Synthesis;

/// <summary>Resting positions of a part on the belt: which of its own directions may point up.</summary>
internal enum Rest
{
    /// <summary>On either end (y up or down).</summary>
    Flat,

    /// <summary>On its side: any direction perpendicular to the y axis may point up.</summary>
    Side,

    /// <summary>Either of the two.</summary>
    Any,

    /// <summary>On any of the six faces of its box.</summary>
    Box,
}

/// <summary>A geometry of the catalog and its finishes; each pair (geometry, finish) is a class.</summary>
/// <param name="Name">Kebab-case; the class name is this name followed by the finish.</param>
/// <param name="Body">Signed distance in part units; the part fits into a sphere of radius about 1.</param>
/// <param name="Rest">Resting position on the belt.</param>
/// <param name="Finishes">Names of <see cref="Finish.All"/>.</param>
internal sealed record PartShape(string Name, Solid Body, Rest Rest, params string[] Finishes)
{
    /// <summary>A random direction of the part that may point up.</summary>
    public Vector3 RandomUp(ref Dice dice) => Rest switch
    {
        Rest.Flat => Standing(ref dice),
        Rest.Side => Lying(ref dice),
        Rest.Any => dice.Chance(0.5f) ? Standing(ref dice) : Lying(ref dice),
        _ => Face(ref dice),
    };

    private static Vector3 Standing(ref Dice dice) => dice.Chance(0.75f) ? Vector3.UnitY : -Vector3.UnitY;

    private static Vector3 Lying(ref Dice dice)
    {
        var (sin, cos) = MathF.SinCos(dice.Between(0, MathF.Tau));
        return new(cos, 0, sin);
    }

    private static Vector3 Face(ref Dice dice)
    {
        var axis = dice.Below(3) switch { 0 => Vector3.UnitX, 1 => Vector3.UnitY, _ => Vector3.UnitZ };
        return dice.Chance(0.5f) ? axis : -axis;
    }
}
