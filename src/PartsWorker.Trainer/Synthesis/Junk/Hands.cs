using System.Numerics;

namespace PartsWorker.Trainer.Synthesis.Junk;

/// <summary>Hands that reach into the image, bare or in gloves.</summary>
internal static class Hands
{
    private const int Fingers = 5;

    private static readonly Vector3[] Skin =
    [
        new(0.95f, 0.79f, 0.69f), new(0.89f, 0.68f, 0.55f), new(0.78f, 0.55f, 0.40f), new(0.62f, 0.42f, 0.29f), new(0.44f, 0.28f, 0.19f),
        new(0.29f, 0.19f, 0.14f),
    ];

    private static readonly Vector3[] Gloves =
    [
        new(0.25f, 0.45f, 0.8f), new(0.93f, 0.93f, 0.9f), new(0.1f, 0.1f, 0.11f), new(0.9f, 0.6f, 0.1f),
    ];

    public static Canvas Paint(ref Dice dice)
    {
        var canvas = Canvas.OfRandomSize(ref dice);
        EmptyBelt.Ground(canvas, ref dice);
        var gloved = dice.Chance(0.25f);
        var tone = Tint.Near(gloved ? Gloves[dice.Below(Gloves.Length)] : Skin[dice.Below(Skin.Length)], 0.05f, ref dice);
        for (var hands = dice.Chance(0.25f) ? 2 : 1; hands > 0; hands--)
        {
            Hand(canvas, tone, !gloved, ref dice);
        }

        Photograph.Apply(canvas, ref dice);
        return canvas;
    }

    private static void Hand(Canvas canvas, Vector3 tone, bool nails, ref Dice dice)
    {
        var scale = dice.Between(0.55f, 1.5f);
        var frame = Matrix3x2.CreateScale(dice.Chance(0.5f) ? scale : -scale, scale)
            * Matrix3x2.CreateRotation(dice.Between(0, MathF.Tau))
            * Matrix3x2.CreateTranslation(canvas.Place(0.45f, ref dice));
        var bones = Bones(ref dice);
        float Outline(Vector2 p) => Distance(bones, p);
        canvas.Draw(
            Matrix3x2.CreateTranslation(0.02f, 0.03f) * frame, new(1.1f), Outline, _ => Vector3.Zero, dice.Between(0.2f, 0.6f), 0.08f);
        var offset = new Vector3(dice.Between(0, 90), dice.Between(0, 90), 0);
        canvas.Draw(frame, new(1.1f), Outline, p =>
        {
            var depth = Math.Clamp(-Outline(p) / 0.05f, 0, 1);
            var mottled = 0.94f + (0.12f * Noise.Cloud((new Vector3(p, 0) * 25) + offset));
            return tone * (mottled * (0.55f + (0.45f * MathF.Sqrt(depth))));
        });
        for (var finger = 0; finger < Fingers && nails; finger++)
        {
            var tip = bones[(finger * 2) + 1];
            var at = Vector2.Lerp(tip.From, tip.To, 0.85f);
            canvas.Disc(frame, at, tip.Radius * 0.55f, Vector3.Lerp(tone, new(0.95f, 0.8f, 0.78f), 0.5f), 0.6f, tip.Radius * 0.2f);
        }
    }

    /// <summary>Two segments per finger, the thumb last, then palm and forearm.</summary>
    private static (Vector2 From, Vector2 To, float Radius)[] Bones(ref Dice dice)
    {
        var bones = new (Vector2, Vector2, float)[(Fingers * 2) + 4];
        var spread = dice.Between(0.04f, 0.32f);
        var bend = dice.Between(-0.2f, 0.9f);
        var curl = dice.Chance(0.35f) ? dice.Between(0.25f, 0.6f) : 1;
        for (var finger = 0; finger < Fingers; finger++)
        {
            var thumb = finger == Fingers - 1;
            var root = thumb ? new(0.11f, 0.04f) : new Vector2(-0.09f + (0.06f * finger), -0.1f);
            var angle = thumb ? dice.Between(0.5f, 1.1f) : ((finger - 1.5f) * spread) + dice.Between(-0.06f, 0.06f);
            var length = (thumb ? 0.13f : 0.17f - (0.02f * MathF.Abs(finger - 1.4f))) * curl;
            var radius = thumb ? 0.036f : 0.03f;
            var knuckle = root + (Direction(angle) * length);
            bones[finger * 2] = (root, knuckle, radius);
            var tip = knuckle + (Direction(angle - (bend * (thumb ? 0.4f : 0.3f))) * length * 0.85f);
            bones[(finger * 2) + 1] = (knuckle, tip, radius * 0.85f);
        }

        bones[^4] = (new(-0.05f, -0.05f), new(0.05f, -0.05f), 0.085f);
        bones[^3] = (new(-0.04f, 0.06f), new(0.04f, 0.06f), 0.085f);
        bones[^2] = (new(0, 0.1f), new(0, 0.3f), 0.075f);
        bones[^1] = (new(0, 0.3f), new(dice.Between(-0.2f, 0.2f), 1), 0.09f);
        return bones;
    }

    private static Vector2 Direction(float angle)
    {
        var (sin, cos) = MathF.SinCos(angle);
        return new(sin, -cos);
    }

    /// <summary>Union of the bones with soft joints.</summary>
    private static float Distance((Vector2 From, Vector2 To, float Radius)[] bones, Vector2 p)
    {
        const float Joint = 0.012f;
        var distance = float.MaxValue;
        foreach (var (from, to, radius) in bones)
        {
            var next = Outlines.Capsule(p, from, to, radius);
            var h = MathF.Max(Joint - MathF.Abs(distance - next), 0) / Joint;
            distance = MathF.Min(distance, next) - (h * h * Joint * 0.25f);
        }

        return distance;
    }
}
