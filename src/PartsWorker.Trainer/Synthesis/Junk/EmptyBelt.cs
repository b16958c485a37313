using System.Numerics;

namespace PartsWorker.Trainer.Synthesis.Junk;

/// <summary>A conveyor belt without a part: rubber, plastic or steel, with scratches, stains, seams and rails.</summary>
internal static class EmptyBelt
{
    public static Canvas Paint(ref Dice dice)
    {
        var canvas = Canvas.OfRandomSize(ref dice);
        Ground(canvas, ref dice);
        Photograph.Apply(canvas, ref dice);
        return canvas;
    }

    /// <summary>The belt before it is photographed; also the background of other kinds.</summary>
    public static void Ground(Canvas canvas, ref Dice dice)
    {
        var tone = Tone(ref dice);
        var turn = dice.Chance(0.7f) ? dice.Below(2) * MathF.PI / 2 : dice.Between(0, MathF.Tau);
        var frame = Matrix3x2.CreateRotation(turn);
        Matrix3x2.Invert(frame, out var back);
        Texture(canvas, tone, back, ref dice);
        Wear(canvas, tone, ref dice);
        if (dice.Chance(0.45f))
        {
            Rail(canvas, frame, ref dice);
        }
    }

    private static Vector3 Tone(ref Dice dice) => dice.Below(6) switch
    {
        0 => new Vector3(0.13f, 0.14f, 0.15f) * dice.Between(0.6f, 2),
        1 => Tint.Of(dice.Between(0.3f, 0.45f), dice.Between(0.3f, 0.8f), dice.Between(0.2f, 0.55f)),
        2 => Tint.Of(dice.Between(0.55f, 0.65f), dice.Between(0.4f, 0.9f), dice.Between(0.3f, 0.75f)),
        3 => new Vector3(0.85f, 0.84f, 0.8f) * dice.Between(0.75f, 1.1f),
        4 => new Vector3(0.55f, 0.56f, 0.58f) * dice.Between(0.6f, 1.3f),
        _ => Tint.Of(dice.Between(0.05f, 0.12f), dice.Between(0.2f, 0.6f), dice.Between(0.3f, 0.6f)),
    };

    private static void Texture(Canvas canvas, Vector3 tone, Matrix3x2 back, ref Dice dice)
    {
        var (fine, along, depth) = (dice.Between(40, 220), dice.Between(0.02f, 1), dice.Between(0.05f, 0.3f));
        var link = dice.Chance(0.4f) ? dice.Between(0.05f, 0.3f) : 0;
        var groove = dice.Between(0.03f, 0.12f);
        var offset = new Vector3(dice.Between(0, 200), dice.Between(0, 200), dice.Between(0, 200));
        var (cloudScale, cloudDepth) = (dice.Between(1, 6), dice.Between(0.05f, 0.35f));
        canvas.Fill(p =>
        {
            var q = Vector2.Transform(p, back);
            var grain = Noise.At(new Vector3(q.X * fine, q.Y * fine * along, 0) + offset) - 0.5f;
            var cloud = Noise.Cloud((new Vector3(q, 0) * cloudScale) + offset) - 0.5f;
            var dark = link > 0 ? 0.55f * Patterns.Wave(q.X / link, groove, 0.02f) : 0;
            return tone * ((1 + (grain * depth * 2) + (cloud * cloudDepth * 2)) * (1 - dark));
        });
    }

    private static void Wear(Canvas canvas, Vector3 tone, ref Dice dice)
    {
        for (var i = dice.Below(60); i > 0; i--)
        {
            var from = canvas.Place(1.1f, ref dice);
            var to = from + (canvas.Place(1, ref dice) * dice.Between(0.05f, 0.8f));
            var bright = dice.Chance(0.6f) ? tone + new Vector3(dice.Between(0.1f, 0.35f)) : tone * 0.4f;
            canvas.Stroke(from, to, dice.Between(0.0005f, 0.0025f), bright, dice.Between(0.1f, 0.7f));
        }

        for (var i = dice.Below(8); i > 0; i--)
        {
            var color = dice.Chance(0.7f) ? tone * dice.Between(0.3f, 0.8f) : tone + new Vector3(0.15f);
            var radius = dice.Between(0.01f, 0.18f);
            canvas.Disc(Matrix3x2.Identity, canvas.Place(1, ref dice), radius, color, dice.Between(0.1f, 0.5f), radius);
        }
    }

    private static void Rail(Canvas canvas, Matrix3x2 frame, ref Dice dice)
    {
        var metal = new Vector3(dice.Between(0.35f, 0.8f));
        var at = dice.Between(0.3f, 0.55f) * (dice.Chance(0.5f) ? 1 : -1);
        var half = dice.Between(0.02f, 0.12f);
        canvas.Rectangle(frame, new(at, 0.01f), new(half * 1.3f, 2), metal * 0.25f, 0.6f);
        canvas.Rectangle(frame, new(at, 0), new(half, 2), metal);
        canvas.Rectangle(frame, new(at - (half * 0.4f), 0), new(half * 0.15f, 2), metal * 1.3f, 0.7f);
        for (var y = -0.9f; y < 0.9f; y += 0.3f)
        {
            canvas.Disc(frame, new(at, y), half * 0.25f, metal * 0.4f);
        }
    }
}
