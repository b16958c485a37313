using System.Numerics;

namespace PartsWorker.Trainer.Synthesis.Junk;

/// <summary>Frames with far too little or far too much light.</summary>
internal static class Exposures
{
    /// <summary>A black frame with one or a few bright spots.</summary>
    public static Canvas Dark(ref Dice dice)
    {
        var canvas = Canvas.OfRandomSize(ref dice);
        var ground = Tint.Dull(ref dice) * dice.Between(0, 0.12f);
        canvas.Fill(_ => ground);
        for (var spots = dice.Chance(0.6f) ? 1 : dice.Below(5); spots > 0; spots--)
        {
            var (center, radius) = (canvas.Place(0.9f, ref dice), dice.Between(0.01f, 0.22f));
            var color = dice.Chance(0.5f) ? Vector3.One : Tint.Vivid(ref dice);
            var (halo, stretch) = (dice.Between(0.05f, 0.5f), dice.Between(0.4f, 1.6f));
            canvas.Change((p, old) =>
            {
                var d = ((p - center) * new Vector2(stretch, 1)).Length() / radius;
                return old + (color * ((d < 1 ? 1 : MathF.Exp(1 - d)) + (halo / (1 + (d * d)))));
            });
        }

        Photograph.AddNoise(canvas, dice.Between(0, 0.05f), dice.Chance(0.5f), ref dice);
        return canvas;
    }

    /// <summary>Nearly white; only traces of a scene are left.</summary>
    public static Canvas Bright(ref Dice dice)
    {
        var canvas = BlurredScene.Shapes(ref dice);
        var gain = dice.Between(1, 2.5f);
        var haze = dice.Between(0.3f, 0.75f);
        var (glare, strength, spread) = (canvas.Place(1, ref dice), dice.Between(0.1f, 1), dice.Between(0.2f, 1));
        canvas.Change((p, color) =>
        {
            var flare = strength * MathF.Exp(-(p - glare).LengthSquared() / (spread * spread));
            return (color * gain * (1 - haze)) + new Vector3(haze + flare);
        });
        Blur.Apply(canvas, dice.Between(0, 0.02f), dice.Between(0, 0.02f));
        Photograph.AddNoise(canvas, dice.Between(0, 0.02f), dice.Chance(0.5f), ref dice);
        return canvas;
    }
}
