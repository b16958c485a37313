using System.Numerics;

namespace PartsWorker.Trainer.Synthesis;

/// <summary>Moves and combines bodies.</summary>
internal static class SolidOperations
{
    public static Solid And(this Solid first, params Solid[] others) => p =>
    {
        var distance = first(p);
        foreach (var other in others)
        {
            distance = MathF.Min(distance, other(p));
        }

        return distance;
    };

    public static Solid Without(this Solid body, params Solid[] tools) => p =>
    {
        var distance = body(p);
        foreach (var tool in tools)
        {
            distance = MathF.Max(distance, -tool(p));
        }

        return distance;
    };

    public static Solid Within(this Solid body, Solid limit) => p => MathF.Max(body(p), limit(p));

    /// <summary>Union with a fillet of about <paramref name="radius"/>.</summary>
    public static Solid Blend(this Solid first, Solid second, float radius) => p =>
    {
        var a = first(p);
        var b = second(p);
        var h = MathF.Max(radius - MathF.Abs(a - b), 0) / radius;
        return MathF.Min(a, b) - (h * h * radius * 0.25f);
    };

    public static Solid At(this Solid body, float x, float y, float z)
    {
        var offset = new Vector3(x, y, z);
        return p => body(p - offset);
    }

    /// <summary>Rotates the body so that its y axis becomes x.</summary>
    public static Solid AlongX(this Solid body) => p => body(new(p.Y, p.X, -p.Z));

    /// <summary>Rotates the body so that its y axis becomes z.</summary>
    public static Solid AlongZ(this Solid body) => p => body(new(p.X, p.Z, -p.Y));

    public static Solid Turned(this Solid body, Vector3 axis, float degrees)
    {
        var back = Quaternion.CreateFromAxisAngle(Vector3.Normalize(axis), -degrees * MathF.PI / 180);
        return p => body(Vector3.Transform(p, back));
    }

    /// <summary>The body and its copies, evenly around the y axis; the original must be near +x.</summary>
    public static Solid Around(this Solid body, int copies) => p =>
    {
        var step = MathF.Tau / copies;
        var angle = MathF.Round(MathF.Atan2(p.Z, p.X) / step) * step;
        var (sin, cos) = MathF.SinCos(angle);
        return body(new((p.X * cos) + (p.Z * sin), p.Y, (p.Z * cos) - (p.X * sin)));
    };

    /// <summary>The body and its mirror image across the plane x = 0.</summary>
    public static Solid MirroredX(this Solid body) => p => body(new(MathF.Abs(p.X), p.Y, p.Z));

    public static Solid MirroredZ(this Solid body) => p => body(new(p.X, p.Y, MathF.Abs(p.Z)));
}
