using System.Numerics;
using static PartsWorker.Trainer.Synthesis.Solids;

namespace PartsWorker.Trainer.Synthesis.Parts;

/// <summary>Rollers, pulleys, gears, pins, springs and bushings (shape "turned").</summary>
internal static class Rotating
{
    public static IEnumerable<PartShape> All()
    {
        yield return new("roller", Roller(), Rest.Any, "white", "black");
        yield return new("grooved-roller", Grooved(0.3f), Rest.Any, "white", "silky-white", "stainless", "dark-gray");
        yield return new("flanged-roller", Flanged(), Rest.Any, "silky-white", "silver");
        yield return new("v-pulley", VPulley(), Rest.Flat, "silver", "dark-gray");
        yield return new("gear-12", Gear(12, 0.6f, 0.24f, 0.2f), Rest.Flat, "dark-gray", "stainless");
        yield return new("gear-20", Gear(20, 0.68f, 0.15f, 0.15f), Rest.Flat, "dark-gray", "stainless");
        yield return new("dowel-pin", Cylinder(0.2f, 0.78f, 0.06f), Rest.Side, "stainless", "bronze");
        yield return new("clevis-pin", ClevisPin(), Rest.Side, "stainless", "yellow-zinc");
        yield return new("spring", Coil(0.36f, 0.075f, 0.24f, 0.75f), Rest.Side, "stainless", "black");
        yield return new("short-spring", Coil(0.5f, 0.1f, 0.3f, 0.5f), Rest.Any, "stainless", "gray");
        yield return new("bushing", Bushing(), Rest.Any, "bronze", "white");
        yield return new("bearing", Bearing(), Rest.Flat, "stainless", "antique-gray");
        yield return new("knurled-spacer", Knurled(), Rest.Any, "silver", "bronze");
    }

    private static Solid Roller() => Cylinder(0.62f, 0.3f, 0.06f)
        .Without(
            Fasteners.Ring(0.46f, 0.26f, 0.07f).At(0, 0.3f, 0), Fasteners.Ring(0.46f, 0.26f, 0.07f).At(0, -0.3f, 0), Hole(0, 0, 0.14f));

    private static Solid Grooved(float halfWidth) => Cylinder(0.68f, halfWidth, 0.05f)
        .Without(Torus(0.76f, 0.24f), Hole(0, 0, 0.15f), Fasteners.Ring(0.4f, 0.22f, 0.05f).At(0, halfWidth, 0));

    private static Solid Flanged() => Cylinder(0.46f, 0.42f, 0.03f)
        .And(Cylinder(0.7f, 0.07f).At(0, -0.38f, 0)).Without(Hole(0, 0, 0.2f), Cylinder(0.3f, 0.12f).At(0, 0.42f, 0));

    private static Solid VPulley()
    {
        var rim = Revolve(p => Outlines.Rectangle(p, 0.8f, 0.24f));
        var groove = Revolve(p => ((p.X - 0.52f) * -0.7f) + (MathF.Abs(p.Y) * 0.95f));
        var window = Cylinder(0.13f, 1).At(0.38f, 0, 0).Around(5);
        return rim.Without(groove, Hole(0, 0, 0.12f), window).And(Fasteners.Ring(0.22f, 0.12f, 0.34f));
    }

    private static Solid Gear(int teeth, float radius, float tooth, float halfHeight) =>
        Extrude(p => Outlines.Gear(p, teeth, radius, tooth), halfHeight)
            .Without(
                Fasteners.Ring(radius * 0.78f, radius * 0.42f, 0.06f).At(0, halfHeight, 0),
                Hole(0, 0, 0.17f),
                Box(0.06f, 1, 0.06f, 0).At(0.17f, 0, 0));

    private static Solid ClevisPin() => Cylinder(0.17f, 0.7f, 0.03f)
        .And(Cylinder(0.33f, 0.08f).At(0, 0.7f, 0)).Without(Cylinder(0.07f, 1).AlongX().At(0, -0.52f, 0));

    private static Solid Bushing() => Fasteners.Ring(0.42f, 0.28f, 0.42f).And(Fasteners.Ring(0.66f, 0.28f, 0.07f).At(0, -0.36f, 0));

    private static Solid Bearing()
    {
        var balls = Sphere(0.13f).At(0.53f, 0, 0).Around(9);
        return Fasteners.Ring(0.82f, 0.64f, 0.2f).And(Fasteners.Ring(0.43f, 0.26f, 0.2f), balls, Fasteners.Ring(0.66f, 0.4f, 0.05f));
    }

    private static Solid Knurled()
    {
        Solid body = p =>
        {
            var angle = MathF.Atan2(p.Z, p.X) * 11;
            var diamond = MathF.Sin(angle + (p.Y * 26)) * MathF.Sin(angle - (p.Y * 26));
            return MathF.Max((new Vector2(p.X, p.Z).Length() - 0.42f - (0.022f * diamond)) * 0.6f, MathF.Abs(p.Y) - 0.5f);
        };
        return body.Without(Hole(0, 0, 0.2f));
    }
}
