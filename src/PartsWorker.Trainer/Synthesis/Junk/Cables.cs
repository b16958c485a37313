using System.Numerics;

namespace PartsWorker.Trainer.Synthesis.Junk;

/// <summary>Cables, hoses and cords across the image, or thin straight lines.</summary>
internal static class Cables
{
    private const int Pieces = 40;

    public static Canvas Paint(ref Dice dice)
    {
        var canvas = Canvas.OfRandomSize(ref dice);
        if (dice.Chance(0.7f))
        {
            EmptyBelt.Ground(canvas, ref dice);
        }
        else
        {
            var ground = Tint.Any(ref dice);
            canvas.Fill(_ => ground);
        }

        var straight = dice.Chance(0.25f);
        var bundle = dice.Chance(0.4f) ? Tint.Any(ref dice) : (Vector3?)null;
        for (var i = 2 + dice.Below(straight ? 40 : 12); i > 0; i--)
        {
            var color = bundle ?? (dice.Chance(0.3f) ? new(dice.Between(0.03f, 0.2f)) : Tint.Vivid(ref dice));
            if (straight)
            {
                canvas.Stroke(canvas.Place(1.2f, ref dice), canvas.Place(1.2f, ref dice), dice.Between(0.001f, 0.006f), color);
            }
            else
            {
                Cable(canvas, color, dice.Between(0.006f, 0.045f), ref dice);
            }
        }

        Photograph.Apply(canvas, ref dice);
        return canvas;
    }

    private static void Cable(Canvas canvas, Vector3 color, float radius, ref Dice dice)
    {
        var control = new Vector2[4];
        foreach (ref var point in control.AsSpan())
        {
            point = canvas.Place(1.4f, ref dice);
        }

        var shadow = new Vector2(radius * 0.5f, radius * 0.8f);
        Trace(canvas, control, shadow, radius * 1.15f, Vector3.Zero, 0.12f);
        Trace(canvas, control, Vector2.Zero, radius, color * 0.45f, 1);
        Trace(canvas, control, new(-radius * 0.1f), radius * 0.75f, color * 0.8f, 1);
        Trace(canvas, control, new(-radius * 0.2f), radius * 0.45f, color, 1);
        Trace(canvas, control, new(-radius * 0.35f), radius * 0.14f, Vector3.Lerp(color, Vector3.One, 0.6f), 1);
    }

    private static void Trace(Canvas canvas, Vector2[] control, Vector2 shift, float radius, Vector3 color, float alpha)
    {
        var before = Bezier(control, 0);
        for (var i = 1; i <= Pieces; i++)
        {
            var next = Bezier(control, i / (float)Pieces);
            canvas.Stroke(before + shift, next + shift, radius, color, alpha);
            before = next;
        }
    }

    private static Vector2 Bezier(Vector2[] c, float t)
    {
        var (a, b, d) = (Vector2.Lerp(c[0], c[1], t), Vector2.Lerp(c[1], c[2], t), Vector2.Lerp(c[2], c[3], t));
        return Vector2.Lerp(Vector2.Lerp(a, b, t), Vector2.Lerp(b, d, t), t);
    }
}
