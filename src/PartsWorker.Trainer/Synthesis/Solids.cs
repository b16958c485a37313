using System.Numerics;

namespace PartsWorker.Trainer.Synthesis;

/// <summary>Signed distance to a surface: negative inside. Parts are built from these and meshed once.</summary>
internal delegate float Solid(Vector3 point);

/// <summary>Signed distance to a closed outline in the plane.</summary>
internal delegate float Outline(Vector2 point);

/// <summary>Basic bodies, in the part's own units (a part fits a sphere of radius about 1). The axis of round bodies is y.</summary>
internal static class Solids
{
    public static Solid Box(float x, float y, float z, float round = 0.02f)
    {
        var half = new Vector3(x, y, z) - new Vector3(round);
        return p =>
        {
            var q = Vector3.Abs(p) - half;
            return Vector3.Max(q, Vector3.Zero).Length() + MathF.Min(MathF.Max(q.X, MathF.Max(q.Y, q.Z)), 0) - round;
        };
    }

    public static Solid Cylinder(float radius, float halfHeight, float round = 0.02f) =>
        Revolve(p => Outlines.Rectangle(p, radius, halfHeight, round));

    /// <summary>Cylinder whose radius changes linearly from <paramref name="bottom"/> to <paramref name="top"/>.</summary>
    public static Solid Cone(float bottom, float top, float halfHeight) => p =>
    {
        var radius = float.Lerp(bottom, top, Math.Clamp((p.Y / halfHeight * 0.5f) + 0.5f, 0, 1));
        var slope = MathF.Cos(MathF.Atan2(MathF.Abs(bottom - top), 2 * halfHeight));
        return MathF.Max((new Vector2(p.X, p.Z).Length() - radius) * slope, MathF.Abs(p.Y) - halfHeight);
    };

    public static Solid Sphere(float radius) => p => p.Length() - radius;

    public static Solid Torus(float ring, float tube) => p =>
        new Vector2(new Vector2(p.X, p.Z).Length() - ring, p.Y).Length() - tube;

    /// <summary>A round bar from one point to another.</summary>
    public static Solid Bar(Vector3 from, Vector3 to, float radius) => p =>
    {
        var along = to - from;
        var t = Math.Clamp(Vector3.Dot(p - from, along) / along.LengthSquared(), 0, 1);
        return (p - from - (along * t)).Length() - radius;
    };

    /// <summary>Part of a torus in the plane y = 0, from one angle to another (radians, from +x toward +z).</summary>
    public static Solid Arc(float ring, float tube, float fromAngle, float toAngle) => p =>
    {
        var middle = (fromAngle + toAngle) / 2;
        var angle = MathF.IEEERemainder(MathF.Atan2(p.Z, p.X) - middle, MathF.Tau);
        var clipped = Math.Clamp(angle, (fromAngle - toAngle) / 2, (toAngle - fromAngle) / 2) + middle;
        return (p - new Vector3(ring * MathF.Cos(clipped), 0, ring * MathF.Sin(clipped))).Length() - tube;
    };

    /// <summary>Shaft with a thread along y; <paramref name="pitch"/> is the distance between two crests.</summary>
    public static Solid Thread(float radius, float halfLength, float pitch) => p =>
    {
        var turn = (p.Y / pitch) - (MathF.Atan2(p.Z, p.X) / MathF.Tau);
        var groove = MathF.Abs(turn - MathF.Round(turn)) * 2;
        var body = (new Vector2(p.X, p.Z).Length() - radius + (groove * pitch * 0.45f)) * 0.75f;
        return MathF.Max(body, MathF.Abs(p.Y) - halfLength);
    };

    public static Solid Coil(float ring, float wire, float pitch, float halfLength) => p =>
    {
        var turn = (p.Y / pitch) - (MathF.Atan2(p.Z, p.X) / MathF.Tau);
        var height = (turn - MathF.Round(turn)) * pitch;
        var distance = new Vector2(new Vector2(p.X, p.Z).Length() - ring, height * 0.97f).Length() - wire;
        return MathF.Max(distance, MathF.Abs(p.Y) - halfLength);
    };

    public static Solid Extrude(Outline outline, float halfHeight, float round = 0.015f) => p =>
    {
        var flat = outline(new(p.X, p.Z)) + round;
        var tall = MathF.Abs(p.Y) - halfHeight + round;
        return new Vector2(MathF.Max(flat, 0), MathF.Max(tall, 0)).Length() + MathF.Min(MathF.Max(flat, tall), 0) - round;
    };

    /// <summary>Revolves an outline given as (radius, height) around the y axis.</summary>
    public static Solid Revolve(Outline outline) => p => outline(new(new Vector2(p.X, p.Z).Length(), p.Y));

    public static Solid Hexagon(float apothem, float halfHeight) => Extrude(p => Outlines.Hexagon(p, apothem), halfHeight);

    public static Solid Hole(float x, float z, float radius) => p => new Vector2(p.X - x, p.Z - z).Length() - radius;
}
