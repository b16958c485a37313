using System.Numerics;

namespace PartsWorker.Trainer.Synthesis;

/// <summary>Smooth noise 0..1 for wear, grain and grounds; a pure function of the position.</summary>
internal static class Noise
{
    public static float At(Vector3 p)
    {
        var cell = new Vector3(MathF.Floor(p.X), MathF.Floor(p.Y), MathF.Floor(p.Z));
        var f = p - cell;
        f = f * f * (new Vector3(3) - (2 * f));
        var (x, y, z) = ((int)cell.X, (int)cell.Y, (int)cell.Z);
        var near = float.Lerp(
            float.Lerp(Hash(x, y, z), Hash(x + 1, y, z), f.X), float.Lerp(Hash(x, y + 1, z), Hash(x + 1, y + 1, z), f.X), f.Y);
        var far = float.Lerp(
            float.Lerp(Hash(x, y, z + 1), Hash(x + 1, y, z + 1), f.X),
            float.Lerp(Hash(x, y + 1, z + 1), Hash(x + 1, y + 1, z + 1), f.X),
            f.Y);
        return float.Lerp(near, far, f.Z);
    }

    /// <summary>Sum of three octaves.</summary>
    public static float Cloud(Vector3 p) =>
        (At(p) * 0.57f) + (At((p * 2.1f) + new Vector3(17)) * 0.29f) + (At((p * 4.3f) + new Vector3(41)) * 0.14f);

    private static float Hash(int x, int y, int z)
    {
        var h = unchecked(((uint)x * 0x8DA6B343u) ^ ((uint)y * 0xD8163841u) ^ ((uint)z * 0xCB1AB31Fu));
        h = unchecked((h ^ (h >> 13)) * 0x5BD1E995u);
        return (h >> 8) * (1f / (1 << 24));
    }
}
