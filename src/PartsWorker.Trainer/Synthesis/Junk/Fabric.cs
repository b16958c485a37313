using System.Numerics;

namespace PartsWorker.Trainer.Synthesis.Junk;

/// <summary>Cloth: plain weave, twill, plaid or dots, with folds.</summary>
internal static class Fabric
{
    public static Canvas Paint(ref Dice dice)
    {
        var canvas = Canvas.OfRandomSize(ref dice);
        var (ground, second, third) = (Tint.Any(ref dice), Tint.Any(ref dice), Tint.Any(ref dice));
        var threads = dice.Between(50, 170);
        var twill = dice.Chance(0.5f) ? 1f : 0;
        var motif = dice.Below(4);
        var repeat = dice.Between(0.06f, 0.35f);
        var width = dice.Between(0.1f, 0.6f);
        var frame = Matrix3x2.CreateRotation(dice.Between(0, MathF.Tau));
        var (folds, foldDepth) = (dice.Between(1, 4), dice.Between(0.15f, 0.7f));
        var offset = new Vector3(dice.Between(0, 200), dice.Between(0, 200), dice.Between(0, 200));
        canvas.Fill(p =>
        {
            var fold = Noise.Cloud((new Vector3(p, 0) * folds) + offset) - 0.5f;
            var q = Vector2.Transform(p, frame) + new Vector2(fold * 0.15f);
            var color = motif switch
            {
                0 => ground,
                1 => Plaid(q / repeat, ground, second, third, width),
                2 => Dots(q / repeat, ground, second, width),
                _ => Vector3.Lerp(ground, second, Patterns.Wave(q.X / repeat, width, 0.02f)),
            };
            var (warp, weft) = (q.X + (twill * q.Y), q.Y - (twill * q.X * 0.2f));
            var weave = MathF.Sin(warp * threads * MathF.Tau) * MathF.Sin(weft * threads * MathF.Tau);
            var fuzz = Noise.At((new Vector3(q, 0) * threads * 1.7f) + offset) - 0.5f;
            return color * ((1 + (weave * 0.14f) + (fuzz * 0.25f)) * (1 + (fold * foldDepth * 2)));
        });
        Photograph.Apply(canvas, ref dice);
        return canvas;
    }

    private static Vector3 Plaid(Vector2 q, Vector3 ground, Vector3 second, Vector3 third, float width)
    {
        var color = Vector3.Lerp(ground, second, 0.5f * Patterns.Wave(q.X, width, 0.02f));
        color = Vector3.Lerp(color, second, 0.5f * Patterns.Wave(q.Y, width, 0.02f));
        color = Vector3.Lerp(color, third, 0.7f * Patterns.Wave(q.X + 0.5f, 0.06f, 0.02f));
        return Vector3.Lerp(color, third, 0.7f * Patterns.Wave(q.Y + 0.5f, 0.06f, 0.02f));
    }

    private static Vector3 Dots(Vector2 q, Vector3 ground, Vector3 second, float width)
    {
        var d = (q - new Vector2(MathF.Round(q.X), MathF.Round(q.Y))).Length();
        return d < 0.1f + (width * 0.5f) ? second : ground;
    }
}
