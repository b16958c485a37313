using System.Numerics;
using static PartsWorker.Trainer.Synthesis.Solids;

namespace PartsWorker.Trainer.Synthesis.Parts;

/// <summary>Handles, hooks, clips, levers and cast pieces (shape "formed").</summary>
internal static class Hardware
{
    public static IEnumerable<PartShape> All()
    {
        yield return new("pull-handle", PullHandle(), Rest.Flat, "silver", "black", "antique-gray");
        yield return new("s-hook", SHook(), Rest.Flat, "stainless", "black");
        yield return new("p-clamp", PClamp(), Rest.Flat, "stainless", "black", "calm-gray");
        yield return new("cam-lever", CamLever(), Rest.Box, "silver", "dark-gray", "yellow-zinc");
        yield return new("ring-terminal", RingTerminal(), Rest.Flat, "silver", "yellow-zinc");
        yield return new("e-clip", EClip(), Rest.Flat, "black", "stainless");
        yield return new("wing-nut", WingNut(), Rest.Flat, "silver", "bronze", "dark-gray");
        yield return new("fork-head", ForkHead(), Rest.Box, "silver", "dark-gray", "yellow-zinc");
        yield return new("d-shackle", Shackle(), Rest.Flat, "stainless", "antique-gray");
    }

    private static Solid PullHandle() => Bar(new(-0.5f, 0.35f, 0), new(0.5f, 0.35f, 0), 0.1f)
        .And(Bar(new(0.5f, 0.35f, 0), new(0.62f, -0.1f, 0), 0.1f).MirroredX(), Cylinder(0.2f, 0.06f).At(0.66f, -0.2f, 0).MirroredX());

    private static Solid SHook() => Arc(0.32f, 0.08f, MathF.PI * 0.5f, MathF.PI * 1.85f).At(0, 0, -0.32f)
        .And(Arc(0.32f, 0.08f, -MathF.PI * 0.5f, MathF.PI * 0.85f).At(0, 0, 0.32f));

    private static Solid PClamp()
    {
        Solid band = Extrude(p => Outlines.Ring(p, 0.4f, 0.05f), 0.2f);
        var tab = Box(0.28f, 0.2f, 0.05f).Without(Cylinder(0.09f, 1).AlongZ());
        return band.At(-0.3f, 0, 0).And(tab.At(0.36f, 0, 0.36f), tab.At(0.36f, 0, 0.25f), Box(0.16f, 0.2f, 0.05f).At(0, 0, 0.34f)).AlongZ();
    }

    private static Solid CamLever() => Cylinder(0.3f, 0.2f, 0.04f).At(-0.55f, 0, 0)
        .Blend(Bar(new(-0.45f, 0, 0.05f), new(0.75f, 0, 0.3f), 0.13f), 0.2f).Without(Cylinder(0.12f, 1).At(-0.6f, 0, 0.04f));

    private static Solid RingTerminal()
    {
        Solid eye = Extrude(
            p =>
                MathF.Max(
                    MathF.Min(Outlines.Circle(p - new Vector2(0.45f, 0), 0.36f), Outlines.Rectangle(p, 0.35f, 0.14f)),
                    0.18f - (p - new Vector2(0.45f, 0)).Length()),
            0.045f);
        return eye.And(Cylinder(0.19f, 0.36f).Without(Cylinder(0.13f, 1)).AlongX().At(-0.52f, 0.12f, 0));
    }

    private static Solid EClip() => Extrude(
        p =>
        {
            var ring = Outlines.Ring(p, 0.52f, 0.13f);
            if (p.X > 0.1f)
            {
                ring = MathF.Max(ring, 0.34f - MathF.Abs(p.Y));
            }

            var prongs = Outlines.Rectangle(new(MathF.Abs(p.Y) - 0.36f, p.X + 0.02f), 0.14f, 0.09f);
            return MathF.Min(ring, MathF.Min(prongs, Outlines.Rectangle(p + new Vector2(0.36f, 0), 0.14f, 0.09f)));
        },
        0.05f);

    private static Solid WingNut()
    {
        var wing = Bar(new(0.25f, -0.05f, 0), new(0.78f, 0.3f, 0), 0.1f).Blend(Bar(new(0.2f, 0.05f, 0), new(0.5f, 0.32f, 0), 0.07f), 0.15f);
        return Cone(0.36f, 0.26f, 0.25f).Blend(wing.MirroredX(), 0.1f).Without(Thread(0.17f, 1, 0.08f));
    }

    private static Solid ForkHead()
    {
        var block = Box(0.3f, 0.62f, 0.3f, 0.05f).Without(
            Box(0.13f, 0.5f, 0.5f, 0).At(0, 0.45f, 0), Cylinder(0.12f, 1).AlongX().At(0, 0.38f, 0));
        return block.At(0, 0.2f, 0).And(Thread(0.17f, 0.3f, 0.08f).At(0, -0.6f, 0));
    }

    private static Solid Shackle() => Arc(0.42f, 0.11f, -MathF.PI, 0).At(0, 0, -0.1f)
        .And(
            Bar(new(0.42f, 0, -0.1f), new(0.42f, 0, 0.5f), 0.11f).MirroredX(),
            Cylinder(0.19f, 0.1f).AlongX().At(0.42f, 0, 0.5f).MirroredX(),
            Bar(new(-0.68f, 0, 0.5f), new(0.66f, 0, 0.5f), 0.085f),
            Cylinder(0.15f, 0.06f).AlongX().At(0.68f, 0, 0.5f));
}
