using System.Numerics;

namespace PartsWorker.Trainer.Synthesis.Junk;

/// <summary>Regular patterns: stripes, checkerboards, halftone dots, rings.</summary>
internal static class Patterns
{
    public static Canvas Regular(ref Dice dice)
    {
        var canvas = Canvas.OfRandomSize(ref dice);
        var period = MathF.Exp(dice.Between(MathF.Log(0.015f), MathF.Log(0.3f)));
        var frame = Matrix3x2.CreateRotation(dice.Chance(0.4f) ? 0 : dice.Between(0, MathF.Tau), canvas.Place(0.4f, ref dice));
        var duty = dice.Between(0.25f, 0.75f);
        var (dark, light, third) = (Tint.Any(ref dice), Tint.Any(ref dice), Tint.Any(ref dice));
        var smooth = dice.Chance(0.35f);
        var edge = smooth ? 0.5f : canvas.PixelWidth / period;
        Func<Vector2, float> level = dice.Below(5) switch
        {
            0 => p => Wave(p.X, duty, edge),
            1 => p => (Wave(p.X, 0.5f, edge) * Wave(p.Y, 0.5f, edge)) + ((1 - Wave(p.X, 0.5f, edge)) * (1 - Wave(p.Y, 0.5f, edge))),
            2 => p => Dot(p, 0.15f + (0.5f * Math.Clamp((p.Y * period) + 0.5f, 0, 1)), edge),
            3 => p => Wave(p.Length(), duty, edge),
            _ => p => MathF.Max(Wave(p.X, 0.15f, edge), Wave(p.Y, 0.15f, edge)),
        };
        var tinted = dice.Chance(0.3f);
        canvas.Fill(p =>
        {
            var q = Vector2.Transform(p, frame) / period;
            var far = tinted ? Vector3.Lerp(light, third, Math.Clamp(p.X + 0.5f, 0, 1)) : light;
            return Vector3.Lerp(dark, far, level(q));
        });
        if (dice.Chance(0.3f))
        {
            Photograph.Apply(canvas, ref dice);
        }

        return canvas;
    }

    /// <summary>1 on the first <paramref name="duty"/> of each period, else 0, with an edge of this width.</summary>
    public static float Wave(float x, float duty, float edge)
    {
        var t = MathF.Abs(x - MathF.Floor(x) - 0.5f);
        return Math.Clamp(((duty / 2) - t) / edge + 0.5f, 0, 1);
    }

    private static float Dot(Vector2 p, float radius, float edge)
    {
        var q = p - new Vector2(MathF.Round(p.X), MathF.Round(p.Y));
        return Math.Clamp((radius - q.Length()) / edge + 0.5f, 0, 1);
    }
}
