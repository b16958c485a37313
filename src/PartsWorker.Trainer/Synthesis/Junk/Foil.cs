using System.Numerics;

namespace PartsWorker.Trainer.Synthesis.Junk;

/// <summary>Crumpled foil and plastic film: creased facets that reflect a few lights.</summary>
internal static class Foil
{
    public static Canvas Paint(ref Dice dice)
    {
        var canvas = Canvas.OfRandomSize(ref dice);
        var film = dice.Chance(0.45f);
        if (film)
        {
            EmptyBelt.Ground(canvas, ref dice);
        }

        var tone = film || dice.Chance(0.5f) ? new Vector3(dice.Between(0.6f, 0.95f)) : Tint.Any(ref dice);
        var scale = dice.Between(2.5f, 12);
        var depth = MathF.Exp(dice.Between(MathF.Log(0.12f), MathF.Log(1.2f)));
        var offset = new Vector3(dice.Between(0, 200), dice.Between(0, 200), dice.Between(0, 200));
        var gloss = MathF.Exp(dice.Between(MathF.Log(4), MathF.Log(50)));
        var (light, second) = (Light(ref dice), Light(ref dice));
        var clear = dice.Between(0.1f, 0.5f);
        canvas.Change((p, below) =>
        {
            var step = 0.35f / scale * 0.1f;
            float Height(Vector2 q) => Creases((new Vector3(q, 0) * scale) + offset) * depth / scale;
            var h = Height(p);
            var slope = new Vector2(Height(p + new Vector2(step, 0)) - h, Height(p + new Vector2(0, step)) - h) / step;
            var normal = Vector3.Normalize(new(-slope.X, -slope.Y, 1));
            var mirrored = (2 * normal.Z * normal) - Vector3.UnitZ;
            var sky = 0.15f + (0.75f * Studio.SmoothStep(-0.3f, 0.6f, mirrored.Y));
            var spark = Power(mirrored, light, gloss) + (0.6f * Power(mirrored, second, gloss));
            return film
                ? Vector3.Lerp(below, tone * sky, clear) + new Vector3(spark)
                : (tone * sky) + (Vector3.Lerp(tone, Vector3.One, 0.5f) * spark);
        });
        Photograph.Apply(canvas, ref dice);
        return canvas;
    }

    /// <summary>Ridges of two sizes; the folds are where the noise crosses its middle.</summary>
    private static float Creases(Vector3 p)
    {
        var bent = p + new Vector3(Noise.At(p * 0.7f) * 1.5f, Noise.At((p * 0.7f) + new Vector3(31)) * 1.5f, 0);
        return (MathF.Abs(Noise.At(bent) - 0.5f) * 2) + (MathF.Abs(Noise.At((bent * 2.3f) + new Vector3(9)) - 0.5f) * 0.8f);
    }

    private static Vector3 Light(ref Dice dice) =>
        Vector3.Normalize(new(dice.Between(-1, 1), dice.Between(-1, 1), dice.Between(0.3f, 1.2f)));

    private static float Power(Vector3 direction, Vector3 light, float gloss) =>
        MathF.Pow(MathF.Max(Vector3.Dot(direction, light), 0), gloss);
}
