using System.Numerics;

namespace PartsWorker.Trainer.Synthesis.Junk;

/// <summary>Boxes, bags and labels with random print: panels, marks that look like text, bar codes, logos.</summary>
internal static class Packaging
{
    public static Canvas Paint(ref Dice dice)
    {
        var canvas = Canvas.OfRandomSize(ref dice);
        EmptyBelt.Ground(canvas, ref dice);
        for (var boxes = dice.Chance(0.25f) ? 2 + dice.Below(3) : 1; boxes > 0; boxes--)
        {
            Box(canvas, ref dice);
        }

        Photograph.Apply(canvas, ref dice);
        return canvas;
    }

    private static void Box(Canvas canvas, ref Dice dice)
    {
        var half = new Vector2(dice.Between(0.16f, 0.5f), dice.Between(0.16f, 0.5f));
        var frame = Matrix3x2.CreateSkew(dice.Between(-0.25f, 0.25f), dice.Between(-0.1f, 0.1f))
            * Matrix3x2.CreateRotation(dice.Chance(0.5f) ? dice.Between(-0.3f, 0.3f) : dice.Between(0, MathF.Tau))
            * Matrix3x2.CreateTranslation(canvas.Place(0.4f, ref dice));
        var ground = dice.Below(3) switch
        {
            0 => new Vector3(0.68f, 0.52f, 0.36f) * dice.Between(0.75f, 1.15f),
            1 => new Vector3(dice.Between(0.8f, 1)),
            _ => Tint.Any(ref dice),
        };
        canvas.Rectangle(frame, new(0.03f, 0.04f), half, Vector3.Zero, 0.45f, 0.02f);
        var side = dice.Between(0.02f, 0.12f);
        canvas.Rectangle(frame, new(side, side), half, ground * 0.6f);
        canvas.Rectangle(frame, Vector2.Zero, half, ground, round: dice.Between(0, 0.04f));
        var ink = ground.Length() > 0.8f && dice.Chance(0.7f) ? new Vector3(dice.Between(0, 0.2f)) : Tint.Vivid(ref dice);
        for (var i = dice.Below(4); i > 0; i--)
        {
            Panel(canvas, frame, half, ref dice);
        }

        for (var i = 1 + dice.Below(3); i > 0; i--)
        {
            Text(canvas, frame, half, ink, ref dice);
        }

        if (dice.Chance(0.6f))
        {
            BarCode(canvas, frame, half, ref dice);
        }

        if (dice.Chance(0.4f))
        {
            canvas.Rectangle(frame, new(half.X * dice.Between(-0.3f, 0.3f), 0), new(0.04f, half.Y), new(0.75f, 0.65f, 0.45f), 0.55f);
        }
    }

    private static Vector2 Inside(Vector2 half, Vector2 content, ref Dice dice) => Vector2.Max(half - content, Vector2.Zero)
        * new Vector2(dice.Between(-0.95f, 0.95f), dice.Between(-0.95f, 0.95f));

    private static void Panel(Canvas canvas, Matrix3x2 frame, Vector2 half, ref Dice dice)
    {
        var color = Tint.Vivid(ref dice);
        var size = half * new Vector2(dice.Between(0.15f, 0.95f), dice.Between(0.1f, 0.6f));
        var at = Inside(half, size, ref dice);
        if (dice.Chance(0.6f))
        {
            canvas.Rectangle(frame, at, size, color, round: dice.Between(0, 0.05f));
        }
        else
        {
            canvas.Disc(frame, at, MathF.Min(size.X, size.Y), color);
            canvas.Disc(frame, at, MathF.Min(size.X, size.Y) * dice.Between(0.3f, 0.8f), Tint.Any(ref dice));
        }
    }

    /// <summary>Lines of words, each word a row of letter-like bars.</summary>
    private static void Text(Canvas canvas, Matrix3x2 frame, Vector2 half, Vector3 ink, ref Dice dice)
    {
        var height = dice.Chance(0.3f) ? dice.Between(0.02f, 0.06f) : dice.Between(0.005f, 0.015f);
        var lines = 1 + dice.Below(height > 0.02f ? 2 : 7);
        var block = new Vector2(half.X * dice.Between(0.3f, 0.9f), lines * height * 1.8f);
        var start = Inside(half, block, ref dice) - block;
        for (var line = 0; line < lines; line++)
        {
            var y = start.Y + (line * height * 3.4f);
            for (var x = start.X; x < start.X + (block.X * 2) && y < half.Y - height; x += height * 1.6f)
            {
                if (dice.Chance(0.17f))
                {
                    continue;
                }

                Letter(canvas, frame, new(x, y), height, ink, ref dice);
            }
        }
    }

    private static void Letter(Canvas canvas, Matrix3x2 frame, Vector2 at, float height, Vector3 ink, ref Dice dice)
    {
        var stroke = height * 0.18f;
        canvas.Rectangle(frame, at - new Vector2(height * 0.4f, 0), new(stroke, height), ink);
        if (dice.Chance(0.6f))
        {
            canvas.Rectangle(frame, at + new Vector2(height * 0.4f, 0), new(stroke, height), ink);
        }

        var bar = dice.Below(3) - 1;
        canvas.Rectangle(frame, at + new Vector2(0, bar * height * 0.85f), new(height * 0.45f, stroke), ink);
    }

    private static void BarCode(Canvas canvas, Matrix3x2 frame, Vector2 half, ref Dice dice)
    {
        var size = new Vector2(dice.Between(0.07f, 0.18f), dice.Between(0.04f, 0.1f));
        var at = Inside(half, size * 1.15f, ref dice);
        canvas.Rectangle(frame, at, size * 1.15f, new(0.97f));
        for (var x = -size.X; x < size.X;)
        {
            var width = 0.0025f * (1 + dice.Below(3));
            canvas.Rectangle(frame, at + new Vector2(x + (width / 2), 0), new(width / 2, size.Y), new(0.05f));
            x += width + (0.0025f * (1 + dice.Below(3)));
        }
    }
}
