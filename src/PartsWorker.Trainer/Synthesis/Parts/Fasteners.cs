using static PartsWorker.Trainer.Synthesis.Solids;

namespace PartsWorker.Trainer.Synthesis.Parts;

/// <summary>Bolts, screws, nuts and washers (shape "turned").</summary>
internal static class Fasteners
{
    public static IEnumerable<PartShape> All()
    {
        yield return new("hex-bolt-short", HexBolt(0.42f, 0.24f), Rest.Any, "stainless", "black", "yellow-zinc");
        yield return new("hex-bolt-long", HexBolt(0.72f, 0.19f), Rest.Side, "stainless", "black", "silver");
        yield return new("socket-screw", SocketScrew(), Rest.Side, "stainless", "black", "silver");
        yield return new("dome-screw", DomeScrew(), Rest.Any, "stainless", "bronze", "white");
        yield return new("countersunk-screw", Countersunk(), Rest.Side, "silver", "black");
        yield return new("threaded-rod", Thread(0.2f, 0.92f, 0.1f), Rest.Side, "silver");
        yield return new("eye-bolt", EyeBolt(), Rest.Side, "stainless", "dark-gray");
        yield return new("hex-nut", HexNut(), Rest.Flat, "stainless", "black", "yellow-zinc");
        yield return new("flange-nut", FlangeNut(), Rest.Flat, "stainless", "silver");
        yield return new("cap-nut", CapNut(), Rest.Flat, "stainless", "bronze");
        yield return new("washer", Ring(0.7f, 0.37f, 0.06f), Rest.Flat, "stainless", "black", "yellow-zinc");
        yield return new("fender-washer", Ring(0.85f, 0.24f, 0.05f), Rest.Flat, "stainless", "silver");
        yield return new("lock-washer", LockWasher(), Rest.Flat, "stainless", "black");
        yield return new("tooth-washer", ToothWasher(), Rest.Flat, "silver", "bronze");
    }

    public static Solid Ring(float outer, float inner, float halfHeight) =>
        Cylinder(outer, halfHeight).Without(Hole(0, 0, inner));

    private static Solid HexBolt(float half, float radius)
    {
        var head = Hexagon(radius * 1.65f, radius * 0.55f).Within(Sphere(radius * 1.95f)).At(0, half + (radius * 0.55f), 0);
        return Thread(radius, half, radius * 0.42f).And(head, Cylinder(radius * 0.98f, half * 0.3f).At(0, half * 0.7f, 0));
    }

    private static Solid SocketScrew() =>
        Thread(0.19f, 0.5f, 0.09f).At(0, -0.2f, 0)
            .And(Cylinder(0.34f, 0.2f, 0.03f).At(0, 0.5f, 0).Without(Hexagon(0.17f, 0.14f).At(0, 0.62f, 0)));

    private static Solid DomeScrew()
    {
        var dome = Sphere(0.5f).At(0, 0.12f, 0).Within(Box(1, 0.25f, 1).At(0, 0.55f, 0));
        var cross = Box(0.28f, 0.12f, 0.055f).And(Box(0.055f, 0.12f, 0.28f)).At(0, 0.6f, 0);
        return Thread(0.18f, 0.45f, 0.1f).At(0, -0.1f, 0).And(dome.Without(cross));
    }

    private static Solid Countersunk()
    {
        var slot = Box(0.5f, 0.09f, 0.05f).At(0, 0.72f, 0);
        return Thread(0.17f, 0.6f, 0.13f).At(0, -0.1f, 0).And(Cone(0.16f, 0.44f, 0.16f).At(0, 0.54f, 0).Without(slot));
    }

    private static Solid EyeBolt() =>
        Thread(0.15f, 0.4f, 0.09f).At(0, -0.5f, 0).And(Torus(0.3f, 0.11f).AlongZ().At(0, 0.3f, 0), Cylinder(0.26f, 0.05f).At(0, -0.12f, 0));

    private static Solid HexNut() =>
        Hexagon(0.62f, 0.28f).Within(Sphere(0.76f)).Without(Thread(0.42f, 1, 0.11f));

    private static Solid FlangeNut() =>
        Hexagon(0.46f, 0.28f).At(0, 0.1f, 0).And(Cone(0.78f, 0.5f, 0.11f).At(0, -0.18f, 0)).Without(Thread(0.31f, 1, 0.1f));

    private static Solid CapNut() =>
        Hexagon(0.5f, 0.2f).At(0, -0.3f, 0).And(Sphere(0.42f).At(0, 0.02f, 0)).Without(Cylinder(0.27f, 0.2f).At(0, -0.45f, 0));

    private static Solid LockWasher() =>
        Ring(0.66f, 0.42f, 0.09f).Without(Box(0.3f, 0.3f, 0.045f, 0).At(0.55f, 0, 0).Turned(new(1, 0, 0), 32));

    private static Solid ToothWasher() =>
        Extrude(p => MathF.Max(Outlines.Gear(p, 12, 0.58f, 0.17f), 0.34f - p.Length()), 0.05f);
}
