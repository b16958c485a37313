using System.Numerics;
using static PartsWorker.Trainer.Synthesis.Solids;

namespace PartsWorker.Trainer.Synthesis.Parts;

/// <summary>Bent and stamped sheet: brackets, plates, hinges (shape "formed").</summary>
internal static class Brackets
{
    public static IEnumerable<PartShape> All()
    {
        yield return new("l-bracket", LBracket(0.55f, 0.3f, 0.24f, rib: false), Rest.Box, "silver", "black", "white", "yellow-zinc");
        yield return new("l-bracket-ribbed", LBracket(0.55f, 0.3f, 0.24f, rib: true), Rest.Box, "silver", "black", "white");
        yield return new("l-bracket-narrow", LBracket(0.68f, 0.17f, 0.34f, rib: false), Rest.Box, "silver", "dark-gray");
        yield return new("u-bracket", UBracket(), Rest.Box, "silver", "dark-gray", "calm-gray");
        yield return new("z-bracket", ZBracket(), Rest.Box, "silver", "black", "gray");
        yield return new("link-plate", LinkPlate(0.55f, 0.24f), Rest.Flat, "stainless", "dark-gray", "bronze");
        yield return new("long-link", LinkPlate(0.72f, 0.15f), Rest.Flat, "stainless", "dark-gray");
        yield return new("square-plate", SquarePlate(), Rest.Flat, "silver", "calm-gray", "black");
        yield return new("t-plate", TPlate(), Rest.Flat, "silver", "dark-gray", "white");
        yield return new("corner-plate", CornerPlate(), Rest.Flat, "silver", "dark-gray", "yellow-zinc");
        yield return new("strike-plate", StrikePlate(), Rest.Flat, "stainless", "antique-gray", "bronze");
        yield return new("butt-hinge", ButtHinge(), Rest.Flat, "stainless", "antique-gray", "white", "bronze");
        yield return new("strap-hinge", StrapHinge(), Rest.Flat, "black", "silver");
    }

    private static Solid Plate(float x, float z) => Extrude(p => Outlines.Rectangle(p, x, z, 0.08f), 0.045f);

    private static Solid Screw(float x, float z) => Hole(x, z, 0.085f);

    private static Solid LBracket(float half, float width, float hole, bool rib)
    {
        var leg = Plate(half, width).Without(Screw(hole - 0.05f, 0), Screw(-hole + 0.1f, 0));
        var floor = leg.At(0.05f, -half, 0);
        var wall = leg.Turned(new(0, 0, 1), 90).At(-half + 0.05f, 0.05f, 0);
        var bracket = floor.Blend(wall, 0.12f);
        return rib ? bracket.And(Rib(0.05f, -0.45f, half)).Without(Rib(0.08f, -0.88f, 1)) : bracket;
    }

    /// <summary>Pressed into the bend: a ridge within the corner, a dent outside, so that it shows from every side.</summary>
    private static Solid Rib(float halfWidth, float corner, float depth) =>
        p => MathF.Max((p.X + p.Y - corner) * 0.7071f, MathF.Max(MathF.Abs(p.Z) - halfWidth, -MathF.Min(p.X, p.Y) - depth));

    private static Solid UBracket()
    {
        var side = Plate(0.4f, 0.28f).Without(Hole(0.15f, 0, 0.12f)).Turned(new(0, 0, 1), 90).At(0.5f, 0, 0);
        return Plate(0.52f, 0.28f).Without(Screw(0.2f, 0), Screw(-0.2f, 0)).At(0, -0.38f, 0).And(side.MirroredX());
    }

    private static Solid ZBracket()
    {
        var foot = Plate(0.34f, 0.3f).Without(Screw(0.04f, 0.14f), Screw(0.04f, -0.14f));
        return foot.At(0.3f, -0.26f, 0).And(
            foot.Turned(Vector3.UnitZ, 180).At(-0.3f, 0.26f, 0), Plate(0.3f, 0.3f).Turned(Vector3.UnitZ, 90));
    }

    private static Solid LinkPlate(float half, float radius) =>
        Extrude(p => Outlines.Slot(p, half, radius), 0.055f).Without(Hole(half, 0, radius * 0.5f), Hole(-half, 0, radius * 0.5f));

    private static Solid SquarePlate() =>
        Plate(0.6f, 0.6f).Without(Screw(0.4f, 0.4f), Screw(-0.4f, 0.4f), Screw(0.4f, -0.4f), Screw(-0.4f, -0.4f), Hole(0, 0, 0.22f));

    private static Solid TPlate() => Plate(0.75f, 0.2f).At(0, 0, -0.4f).And(Plate(0.2f, 0.55f).At(0, 0, 0.1f))
        .Without(Screw(0.55f, -0.4f), Screw(-0.55f, -0.4f), Screw(0, -0.4f), Screw(0, 0.42f));

    private static Solid CornerPlate() => Plate(0.68f, 0.2f).At(0.1f, 0, -0.48f).And(Plate(0.2f, 0.68f).At(-0.38f, 0, 0))
        .Without(Screw(0.55f, -0.48f), Screw(0.12f, -0.48f), Screw(-0.38f, -0.48f), Screw(-0.38f, 0.1f), Screw(-0.38f, 0.48f));

    private static Solid StrikePlate()
    {
        Solid window = Extrude(p => Outlines.Rectangle(p, 0.2f, 0.14f, 0.02f), 1);
        return Plate(0.8f, 0.27f).And(Plate(0.2f, 0.12f).At(0.08f, 0.06f, 0.34f).Turned(Vector3.UnitX, 14))
            .Without(window, Screw(0.6f, 0), Screw(-0.6f, 0));
    }

    private static Solid ButtHinge()
    {
        var leaf = Plate(0.34f, 0.6f).At(0.42f, 0, 0).Without(Screw(0.55f, 0.4f), Screw(0.4f, 0), Screw(0.55f, -0.4f));
        Solid seams = p => 0.012f - MathF.Abs(MathF.IEEERemainder(p.Z + 0.12f, 0.24f));
        return leaf.MirroredX().And(Cylinder(0.12f, 0.62f).AlongZ().Within(seams));
    }

    private static Solid StrapHinge()
    {
        Solid strap = Extrude(
            p => MathF.Max(Outlines.Rectangle(p - new Vector2(0.5f, 0), 0.42f, 0.3f), MathF.Abs(p.Y) - (0.32f - (p.X * 0.25f))), 0.045f);
        return strap.Without(Screw(0.25f, 0.12f), Screw(0.25f, -0.12f), Screw(0.72f, 0)).MirroredX().And(Cylinder(0.1f, 0.36f).AlongZ());
    }
}
