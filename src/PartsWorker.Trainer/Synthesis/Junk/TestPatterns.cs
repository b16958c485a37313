using System.Numerics;

namespace PartsWorker.Trainer.Synthesis.Junk;

/// <summary>Test charts of cameras and screens: color bars, gray steps, grids, sector stars.</summary>
internal static class TestPatterns
{
    private static readonly Vector3[] Bars =
    [
        new(1, 1, 1), new(1, 1, 0), new(0, 1, 1), new(0, 1, 0), new(1, 0, 1), new(1, 0, 0), new(0, 0, 1), new(0, 0, 0),
    ];

    public static Canvas Chart(ref Dice dice)
    {
        var canvas = Canvas.OfRandomSize(ref dice);
        switch (dice.Below(4))
        {
            case 0:
                ColorBars(canvas, ref dice);
                break;
            case 1:
                Grid(canvas, ref dice);
                break;
            case 2:
                Star(canvas, ref dice);
                break;
            default:
                Patches(canvas, ref dice);
                break;
        }

        if (dice.Chance(0.4f))
        {
            Photograph.Apply(canvas, ref dice);
        }

        return canvas;
    }

    private static void ColorBars(Canvas canvas, ref Dice dice)
    {
        var level = dice.Between(0.6f, 1);
        var first = dice.Below(3);
        var count = 8 - first - dice.Below(2);
        var split = canvas.Half.Y * dice.Between(0.1f, 1);
        var steps = 4 + dice.Below(12);
        var upright = dice.Chance(0.75f);
        canvas.Fill(p =>
        {
            var across = upright ? (p.X / canvas.Half.X / 2) + 0.5f : (p.Y / canvas.Half.Y / 2) + 0.5f;
            return upright && p.Y > split
                ? new(MathF.Floor(across * steps) / (steps - 1))
                : Bars[first + Math.Min((int)(across * count), count - 1)] * level;
        });
    }

    private static void Grid(Canvas canvas, ref Dice dice)
    {
        var (ground, line) = dice.Chance(0.5f) ? (new Vector3(dice.Between(0, 0.5f)), Vector3.One) : (Vector3.One, Tint.Vivid(ref dice));
        var cell = dice.Between(0.05f, 0.16f);
        var thick = dice.Between(1, 3) * canvas.PixelWidth;
        float OnLine(float x) => Patterns.Wave(x / cell, thick / cell, 0.01f);
        canvas.Fill(p => OnLine(p.X) + OnLine(p.Y) > 0.5f ? line : ground);
        foreach (var (center, radius) in new[]
        {
            (Vector2.Zero, 0.42f), (canvas.Half * -0.75f, 0.1f), (canvas.Half * 0.75f, 0.1f),
            (canvas.Half * new Vector2(-0.75f, 0.75f), 0.1f), (canvas.Half * new Vector2(0.75f, -0.75f), 0.1f),
        })
        {
            canvas.Draw(
                Matrix3x2.CreateTranslation(center), new(radius + thick), p => Outlines.Ring(p, radius, thick), _ => line);
        }
    }

    private static void Star(Canvas canvas, ref Dice dice)
    {
        var sectors = 8 + dice.Below(40);
        var (dark, light) = dice.Chance(0.7f) ? (Vector3.Zero, Vector3.One) : (Tint.Any(ref dice), Tint.Any(ref dice));
        var radius = dice.Between(0.3f, 0.48f);
        var center = canvas.Place(0.2f, ref dice);
        var ground = new Vector3(dice.Unit());
        canvas.Fill(_ => ground);
        canvas.Draw(
            Matrix3x2.CreateTranslation(center),
            new(radius),
            p => Outlines.Circle(p, radius),
            p => MathF.Sin(MathF.Atan2(p.Y, p.X) * sectors) > 0 ? dark : light);
    }

    private static void Patches(Canvas canvas, ref Dice dice)
    {
        var ground = new Vector3(dice.Between(0, 0.2f));
        var (columns, rows) = (4 + dice.Below(4), 3 + dice.Below(3));
        canvas.Fill(_ => ground);
        var cell = canvas.Half * 1.8f / new Vector2(columns, rows);
        for (var i = 0; i < columns * rows; i++)
        {
            var center = (new Vector2(i % columns, i / columns) + new Vector2(0.5f)) * cell - (canvas.Half * 0.9f);
            var color = i / columns == rows - 1 ? new(i % columns / (columns - 1f)) : Tint.Any(ref dice);
            canvas.Rectangle(Matrix3x2.Identity, center, cell * 0.43f, color);
        }
    }
}
