using System.Numerics;

namespace PartsWorker.Trainer.Synthesis.Junk;

/// <summary>Random polygons on a plain ground.</summary>
internal static class Polygons
{
    public static Canvas Paint(ref Dice dice)
    {
        var canvas = Canvas.OfRandomSize(ref dice);
        var ground = Tint.Any(ref dice);
        canvas.Fill(_ => ground);
        var (many, opaque) = (dice.Chance(0.5f), dice.Chance(0.5f));
        var largest = many ? 0.2f : 0.5f;
        for (var i = many ? 15 + dice.Below(60) : 1 + dice.Below(8); i > 0; i--)
        {
            var radius = dice.Between(0.2f, 1) * largest;
            var corners = Corners(3 + dice.Below(5), radius, ref dice);
            var color = dice.Chance(0.6f) ? Tint.Vivid(ref dice) : Tint.Any(ref dice);
            var frame = Matrix3x2.CreateTranslation(canvas.Place(0.95f, ref dice));
            canvas.Draw(frame, new(radius), p => Distance(corners, p), _ => color, opaque ? 1 : dice.Between(0.3f, 0.9f));
        }

        if (dice.Chance(0.3f))
        {
            Photograph.Apply(canvas, ref dice);
        }

        return canvas;
    }

    private static Vector2[] Corners(int count, float radius, ref Dice dice)
    {
        var corners = new Vector2[count];
        var angle = dice.Between(0, MathF.Tau);
        for (var i = 0; i < count; i++)
        {
            var (sin, cos) = MathF.SinCos(angle + ((i + dice.Between(-0.3f, 0.3f)) * MathF.Tau / count));
            corners[i] = new Vector2(cos, sin) * radius;
        }

        return corners;
    }

    /// <summary>Distance to a convex polygon whose corners run clockwise on the screen.</summary>
    private static float Distance(Vector2[] corners, Vector2 p)
    {
        var distance = float.MinValue;
        for (var i = 0; i < corners.Length; i++)
        {
            var (a, b) = (corners[i], corners[(i + 1) % corners.Length]);
            var outward = Vector2.Normalize(new(b.Y - a.Y, a.X - b.X));
            distance = MathF.Max(distance, Vector2.Dot(p - a, outward));
        }

        return distance;
    }
}
