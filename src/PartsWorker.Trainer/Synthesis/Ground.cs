using System.Numerics;

namespace PartsWorker.Trainer.Synthesis;

/// <summary>The ground under a part: belt, steel table, paper, wood, tray or cardboard, each with its own pattern.</summary>
internal sealed class Ground
{
    private readonly Func<Vector2, Vector3> _pattern;
    private readonly Vector2 _offset;
    private readonly float _sin;
    private readonly float _cos;

    public Ground(ref Dice dice)
    {
        _offset = new(dice.Between(0, 400), dice.Between(0, 400));
        (_sin, _cos) = MathF.SinCos(dice.Between(0, MathF.Tau));
        var shade = dice.Between(0.75f, 1.25f);
        (Tone, _pattern) = dice.Below(6) switch
        {
            0 =>
                Plain(
                    new(0.045f, 0.05f, 0.055f),
                    shade,
                    p => 0.75f + (0.5f * Noise.At(new(p.X * 40, p.Y * 40, 0))) + (0.12f * MathF.Sin(p.X * 34))),
            1 => Plain(new(0.42f, 0.43f, 0.44f), shade, p => 0.85f + (0.3f * Noise.At(new(p.X * 90, p.Y * 2.5f, 0)))),
            2 => Plain(new(0.75f, 0.75f, 0.73f), shade * 0.95f, p => 0.97f + (0.06f * Noise.Cloud(new(p * 6, 0)))),
            3 =>
                Plain(
                    new(0.36f, 0.22f, 0.11f),
                    shade,
                    p => 0.6f + (0.8f * Noise.Cloud(new(p.X * 14 + (3 * Noise.At(new(p.X, p.Y * 2, 3))), p.Y * 1.2f, 0)))),
            4 =>
                Plain(
                    dice.Chance(0.5f) ? new(0.05f, 0.14f, 0.36f) : new(0.06f, 0.28f, 0.16f),
                    shade,
                    p => 0.9f + (0.2f * Noise.At(new(p * 30, 7)))),
            _ => Plain(new(0.45f, 0.33f, 0.20f), shade, p => 0.85f + (0.2f * Noise.Cloud(new(p * 25, 0))) + (0.08f * MathF.Sin(p.Y * 45))),
        };
    }

    /// <summary>Mean color, which determines the light that the ground reflects.</summary>
    public Vector3 Tone { get; }

    /// <summary>Linear RGB at a position on the ground, in part units.</summary>
    public Vector3 At(float x, float z)
    {
        var p = new Vector2((x * _cos) + (z * _sin), (z * _cos) - (x * _sin)) + _offset;
        var stain = 0.85f + (0.3f * Noise.Cloud(new(p * 1.3f, 11)));
        return Vector3.Max(_pattern(p) * stain, Vector3.Zero);
    }

    private static (Vector3 Tone, Func<Vector2, Vector3> Pattern) Plain(Vector3 tone, float shade, Func<Vector2, float> weave) =>
        (tone * shade, p => tone * (shade * weave(p)));
}
