using System.Numerics;

namespace PartsWorker.Trainer.Synthesis.Junk;

/// <summary>Makes a drawing look photographed: uneven light, white balance, vignetting, slight blur and sensor noise.</summary>
internal static class Photograph
{
    public static void Apply(Canvas canvas, ref Dice dice)
    {
        if (dice.Chance(0.5f))
        {
            Blur.Apply(canvas, canvas.PixelWidth, canvas.PixelWidth);
        }

        var (sin, cos) = MathF.SinCos(dice.Between(0, MathF.Tau));
        var slope = new Vector2(cos, sin) * dice.Between(0, 0.5f);
        var exposure = new Vector3(1 + dice.Between(-0.08f, 0.08f), 1, 1 + dice.Between(-0.08f, 0.08f)) * dice.Between(0.75f, 1.2f);
        var vignette = dice.Between(0, 0.6f);
        canvas.Change((p, color) => color * exposure * (1 + Vector2.Dot(p, slope)) * (1 - (vignette * p.LengthSquared())));
        AddNoise(canvas, dice.Between(0.002f, 0.03f), dice.Chance(0.3f), ref dice);
    }

    /// <param name="canvas">Changed in place.</param>
    /// <param name="strength">Standard deviation.</param>
    /// <param name="gray">The same noise in all three channels.</param>
    /// <param name="dice">Random numbers of this image.</param>
    public static void AddNoise(Canvas canvas, float strength, bool gray, ref Dice dice)
    {
        foreach (ref var pixel in canvas.Pixels.AsSpan())
        {
            pixel += strength * (gray ? new Vector3(dice.Normal()) : new(dice.Normal(), dice.Normal(), dice.Normal()));
        }
    }
}
