using System.Numerics;

namespace PartsWorker.Trainer.Synthesis.Junk;

/// <summary>Unrecognizable scenes, out of focus or in motion.</summary>
internal static class BlurredScene
{
    public static Canvas Paint(ref Dice dice)
    {
        var canvas = Shapes(ref dice);
        var radius = dice.Between(0.03f, 0.12f);
        var (across, down) = dice.Below(3) switch
        {
            0 => (radius * 2, radius * 0.1f),
            1 => (radius * 0.1f, radius * 2),
            _ => (radius, radius),
        };
        Blur.Apply(canvas, across, down);
        Photograph.Apply(canvas, ref dice);
        return canvas;
    }

    /// <summary>A scene of boxes, discs and bars before a wall.</summary>
    public static Canvas Shapes(ref Dice dice)
    {
        var canvas = Canvas.OfRandomSize(ref dice);
        var (top, bottom) = (Tint.Any(ref dice), Tint.Dull(ref dice));
        var horizon = dice.Between(-0.3f, 0.4f);
        canvas.Fill(p => p.Y < horizon ? top : bottom);
        for (var i = 6 + dice.Below(30); i > 0; i--)
        {
            var frame = Matrix3x2.CreateRotation(dice.Between(0, MathF.Tau)) * Matrix3x2.CreateTranslation(canvas.Place(1.1f, ref dice));
            var half = new Vector2(dice.Between(0.02f, 0.3f), dice.Between(0.02f, 0.3f));
            var color = dice.Chance(0.5f) ? Tint.Any(ref dice) : Tint.Vivid(ref dice);
            if (dice.Chance(0.5f))
            {
                canvas.Rectangle(frame, Vector2.Zero, half, color, dice.Between(0.5f, 1));
            }
            else
            {
                canvas.Disc(frame, Vector2.Zero, half.X, color, dice.Between(0.5f, 1));
            }
        }

        return canvas;
    }
}
