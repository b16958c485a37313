using System.Numerics;

namespace PartsWorker.Trainer.Synthesis.Junk;

/// <summary>Images of noise, as from a camera without signal or far out of focus.</summary>
internal static class NoiseImages
{
    public static Canvas Pixels(ref Dice dice)
    {
        var canvas = Canvas.OfRandomSize(ref dice);
        var (width, height) = (canvas.Size.Width, canvas.Size.Height);
        var block = 1 << dice.Below(5);
        var (gray, uniform) = (dice.Chance(0.35f), dice.Chance(0.5f));
        var mean = dice.Chance(0.5f) ? new(0.5f) : Tint.Any(ref dice);
        var strength = dice.Between(0.12f, 0.7f);
        var columns = ((width - 1) / block) + 1;
        var row = new Vector3[columns];
        for (var y = 0; y < height; y++)
        {
            for (var i = 0; y % block == 0 && i < columns; i++)
            {
                row[i] = mean + (strength * Value(gray, uniform, ref dice));
            }

            for (var x = 0; x < width; x++)
            {
                canvas.Pixels[(y * width) + x] = row[x / block];
            }
        }

        return canvas;
    }

    public static Canvas Smooth(ref Dice dice)
    {
        var canvas = Canvas.OfRandomSize(ref dice);
        var (a, b, c) = (Tint.Any(ref dice), Tint.Any(ref dice), Tint.Any(ref dice));
        var scale = MathF.Exp(dice.Between(MathF.Log(1.5f), MathF.Log(30)));
        var stretch = dice.Chance(0.3f) ? dice.Between(0.1f, 0.5f) : 1;
        var warp = dice.Chance(0.5f) ? dice.Between(0.2f, 1.5f) : 0;
        var offset = new Vector3(dice.Between(0, 300), dice.Between(0, 300), dice.Between(0, 300));
        var contrast = dice.Between(1, 3.5f);
        canvas.Fill(p =>
        {
            var q = new Vector3(p.X * scale, p.Y * scale * stretch, 0) + offset;
            var value = Noise.Cloud(warp > 0 ? q + new Vector3(0, 0, warp * 3 * Noise.At(q * 0.5f)) : q);
            return FlatImages.Ramp(a, b, c, Math.Clamp(((value - 0.5f) * contrast) + 0.5f, 0, 1));
        });
        return canvas;
    }

    private static Vector3 Value(bool gray, bool uniform, ref Dice dice) => gray
        ? new(Value(uniform, ref dice))
        : new(Value(uniform, ref dice), Value(uniform, ref dice), Value(uniform, ref dice));

    private static float Value(bool uniform, ref Dice dice) => uniform ? dice.Between(-1, 1) : dice.Normal() * 0.5f;
}
