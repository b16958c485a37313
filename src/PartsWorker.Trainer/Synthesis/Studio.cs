using System.Numerics;

namespace PartsWorker.Trainer.Synthesis;

/// <summary>
/// The light over the belt: one key light that casts shadows, a few soft boxes that are visible in reflections, the room above and the
/// ground below. y points up. Random for each image.
/// </summary>
internal sealed class Studio
{
    private readonly (Vector3 Direction, float CosOuter, float CosInner, Vector3 Power)[] _boxes;
    private readonly Vector3 _sky;
    private readonly Vector3 _horizon;
    private readonly Vector3 _ground;

    public Studio(Vector3 groundTone, ref Dice dice)
    {
        var warmth = dice.Between(-0.10f, 0.12f);
        var tint = new Vector3(1 + warmth, 1, 1 - warmth);
        Key = Direction(dice.Between(0, MathF.Tau), dice.Between(0.65f, 1.35f));
        KeyPower = tint * dice.Between(0.9f, 1.9f);
        _sky = tint * dice.Between(0.2f, 0.48f);
        _horizon = tint * dice.Between(0.06f, 0.3f);
        _ground = groundTone * (_sky + (KeyPower * 0.25f));
        _boxes = new (Vector3, float, float, Vector3)[2 + dice.Below(3)];
        for (var i = 0; i < _boxes.Length; i++)
        {
            var outer = MathF.Cos(dice.Between(0.35f, 0.75f));
            _boxes[i] = (
                Direction(dice.Between(0, MathF.Tau), dice.Between(0.35f, 1.5f)),
                outer,
                float.Lerp(outer, 1, 0.4f),
                tint * dice.Between(0.5f, 1.5f));
        }

        _boxes[0] = _boxes[0] with { Direction = Key };
    }

    /// <summary>Direction toward the key light.</summary>
    public Vector3 Key { get; }

    public Vector3 KeyPower { get; }

    /// <summary>
    /// Light on a white card that faces the key light. It determines the exposure, so that white parts are not overexposed.
    /// </summary>
    public float WhiteCard
    {
        get
        {
            var light = KeyPower + Ambient(Key);
            return MathF.Max(light.X, MathF.Max(light.Y, light.Z));
        }
    }

    /// <summary>Ambient light on a surface with this normal.</summary>
    public Vector3 Ambient(Vector3 normal) => Vector3.Lerp(_ground, _sky, (normal.Y * 0.5f) + 0.5f);

    /// <summary>Light reflected from this direction; blurred for rough surfaces.</summary>
    public Vector3 Reflection(Vector3 direction, float roughness)
    {
        var blend = 0.03f + (roughness * 0.6f);
        var up = SmoothStep(-blend, blend, direction.Y);
        var above = Vector3.Lerp(_horizon, _sky, Math.Clamp(direction.Y * 1.4f, 0, 1));
        var light = Vector3.Lerp(_ground, above, up);
        foreach (var box in _boxes)
        {
            var spread = roughness * 0.55f;
            var seen = SmoothStep(
                box.CosOuter - spread, MathF.Min(1, box.CosInner + (spread * 0.15f)), Vector3.Dot(direction, box.Direction));
            light += box.Power * (seen / (1 + (roughness * 2.2f)));
        }

        return light;
    }

    private static Vector3 Direction(float azimuth, float elevation)
    {
        var (sin, cos) = MathF.SinCos(azimuth);
        var (up, flat) = MathF.SinCos(elevation);
        return new(cos * flat, up, sin * flat);
    }

    public static float SmoothStep(float from, float to, float value)
    {
        var t = Math.Clamp((value - from) / (to - from), 0, 1);
        return t * t * (3 - (2 * t));
    }
}
