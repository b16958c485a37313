using System.Numerics;

namespace PartsWorker.Trainer.Synthesis.Junk;

/// <summary>Random colors, sRGB 0..1.</summary>
internal static class Tint
{
    public static Vector3 Any(ref Dice dice) => Of(dice.Unit(), dice.Unit(), dice.Between(0.05f, 1));

    public static Vector3 Vivid(ref Dice dice) => Of(dice.Unit(), dice.Between(0.6f, 1), dice.Between(0.5f, 1));

    public static Vector3 Dull(ref Dice dice) => Of(dice.Unit(), dice.Between(0, 0.25f), dice.Between(0.1f, 0.9f));

    /// <summary>A color close to <paramref name="color"/>.</summary>
    public static Vector3 Near(Vector3 color, float distance, ref Dice dice) => Vector3.Clamp(
        color + (new Vector3(dice.Between(-1, 1), dice.Between(-1, 1), dice.Between(-1, 1)) * distance), Vector3.Zero, Vector3.One);

    /// <param name="hue">0..1, from red over green and blue back to red.</param>
    /// <param name="saturation">0 gray, 1 pure.</param>
    /// <param name="value">0 black, 1 bright.</param>
    public static Vector3 Of(float hue, float saturation, float value)
    {
        var pure = new Vector3(
            Math.Clamp(MathF.Abs((hue * 6) - 3) - 1, 0, 1),
            Math.Clamp(2 - MathF.Abs((hue * 6) - 2), 0, 1),
            Math.Clamp(2 - MathF.Abs((hue * 6) - 4), 0, 1));
        return Vector3.Lerp(Vector3.One, pure, saturation) * value;
    }
}
