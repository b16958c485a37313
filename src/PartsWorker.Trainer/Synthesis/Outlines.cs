using System.Numerics;

namespace PartsWorker.Trainer.Synthesis;

/// <summary>Outlines in the plane, for revolved and extruded parts.</summary>
internal static class Outlines
{
    public static float Circle(Vector2 p, float radius) => p.Length() - radius;

    public static float Ring(Vector2 p, float radius, float halfWidth) => MathF.Abs(p.Length() - radius) - halfWidth;

    public static float Rectangle(Vector2 p, float x, float y, float round = 0.02f)
    {
        var q = Vector2.Abs(p) - new Vector2(x - round, y - round);
        return Vector2.Max(q, Vector2.Zero).Length() + MathF.Min(MathF.Max(q.X, q.Y), 0) - round;
    }

    /// <summary>Stadium along x: a slot or a link.</summary>
    public static float Slot(Vector2 p, float halfLength, float radius) =>
        new Vector2(p.X - Math.Clamp(p.X, -halfLength, halfLength), p.Y).Length() - radius;

    /// <summary>A straight line from one point to another, with round ends.</summary>
    public static float Capsule(Vector2 p, Vector2 from, Vector2 to, float radius)
    {
        var along = to - from;
        var t = Math.Clamp(Vector2.Dot(p - from, along) / MathF.Max(along.LengthSquared(), 1e-12f), 0, 1);
        return (p - from - (along * t)).Length() - radius;
    }

    public static float Hexagon(Vector2 p, float apothem)
    {
        p = Vector2.Abs(p);
        return MathF.Max((p.X * 0.8660254f) + (p.Y * 0.5f), p.Y) - apothem;
    }

    /// <summary>A gear rim: <paramref name="teeth"/> trapezoids of height <paramref name="tooth"/> on a circle.</summary>
    public static float Gear(Vector2 p, int teeth, float radius, float tooth)
    {
        var phase = MathF.Atan2(p.Y, p.X) * teeth / MathF.Tau;
        var wave = MathF.Abs(phase - MathF.Round(phase)) * 4;
        var height = Math.Clamp((wave - 0.65f) / 0.7f, 0, 1);
        return (p.Length() - radius - (tooth * (1 - height))) * 0.6f;
    }

    /// <summary>A circle with <paramref name="lobes"/> rounded scallops, as on a star knob.</summary>
    public static float Lobes(Vector2 p, int lobes, float radius, float depth) =>
        (p.Length() - radius - (depth * MathF.Cos(MathF.Atan2(p.Y, p.X) * lobes))) * 0.75f;
}
