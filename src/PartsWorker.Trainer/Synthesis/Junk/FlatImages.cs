using System.Numerics;

namespace PartsWorker.Trainer.Synthesis.Junk;

/// <summary>Images without any detail.</summary>
internal static class FlatImages
{
    public static Canvas SingleColor(ref Dice dice)
    {
        var canvas = Canvas.OfRandomSize(ref dice);
        var color = dice.Below(4) switch
        {
            0 => Tint.Vivid(ref dice),
            1 => Tint.Dull(ref dice),
            2 => new(dice.Unit()),
            _ => Tint.Any(ref dice),
        };
        canvas.Fill(_ => color);
        if (dice.Chance(0.4f))
        {
            Photograph.Apply(canvas, ref dice);
        }

        return canvas;
    }

    public static Canvas Gradient(ref Dice dice)
    {
        var canvas = Canvas.OfRandomSize(ref dice);
        var (a, b, c) = (Tint.Any(ref dice), Tint.Any(ref dice), Tint.Any(ref dice));
        var (sin, cos) = MathF.SinCos(dice.Between(0, MathF.Tau));
        var center = canvas.Place(0.8f, ref dice);
        var length = dice.Between(0.4f, 1.4f);
        Func<Vector2, float> along = dice.Below(3) switch
        {
            0 => p => ((p.X * cos) + (p.Y * sin)) / length + 0.5f,
            1 => p => (p - center).Length() / length,
            _ => p => MathF.Abs(MathF.Atan2(p.Y - center.Y, p.X - center.X)) / MathF.PI,
        };
        var threeColors = dice.Chance(0.5f);
        canvas.Fill(p => Ramp(a, b, threeColors ? c : b, Math.Clamp(along(p), 0, 1)));
        return canvas;
    }

    /// <summary>From <paramref name="a"/> over <paramref name="b"/> to <paramref name="c"/> for t = 0..1.</summary>
    public static Vector3 Ramp(Vector3 a, Vector3 b, Vector3 c, float t) =>
        t < 0.5f ? Vector3.Lerp(a, b, t * 2) : Vector3.Lerp(b, c, (t * 2) - 1);
}
