using System.Numerics;

namespace PartsWorker.Trainer.Synthesis;

/// <summary>The random properties of one image: pose of the part, camera, light, ground and wear.</summary>
internal sealed class Scene
{
    public Scene(PartShape shape, Mesh mesh, int pixels, ref Dice dice)
    {
        Rotation = Pose(shape, ref dice);
        var lowest = float.MaxValue;
        foreach (var p in mesh.Positions)
        {
            lowest = MathF.Min(lowest, Vector3.Transform(p, Rotation).Y);
        }

        Lift = -lowest;
        Ground = new(ref dice);
        Studio = new(Ground.Tone, ref dice);
        var (up, flat) = MathF.SinCos(dice.Between(0.72f, 1.2f));
        var (sin, cos) = MathF.SinCos(dice.Between(0, MathF.Tau));
        var fill = MathF.Max(0.62f, mesh.Radius) * dice.Between(1.02f, 1.45f);
        var shift = new Vector3(dice.Between(-0.14f, 0.14f), 0, dice.Between(-0.14f, 0.14f));
        Camera = new(
            new Vector3(0, Lift, 0) + shift,
            new(cos * flat, up, sin * flat),
            dice.Between(-0.3f, 0.3f),
            dice.Between(4.5f, 8),
            fill,
            pixels);
        Wear = dice.Between(0.4f, 1.3f);
        WearOffset = new(dice.Between(0, 90), dice.Between(0, 90), dice.Between(0, 90));
        KeySoftness = dice.Between(0.03f, 0.2f);
    }

    public Quaternion Rotation { get; }

    /// <summary>Height of the part's center above the ground.</summary>
    public float Lift { get; }

    public Ground Ground { get; }

    public Studio Studio { get; }

    public Camera Camera { get; }

    public float Wear { get; }

    public Vector3 WearOffset { get; }

    /// <summary>Width of the key light's shadow edge, in part units.</summary>
    public float KeySoftness { get; }

    private static Quaternion Pose(PartShape shape, ref Dice dice)
    {
        var up = shape.RandomUp(ref dice);
        var axis = Vector3.Cross(up, Vector3.UnitY);
        var upright = up.Y > 0 ? Quaternion.Identity : Quaternion.CreateFromAxisAngle(Vector3.UnitX, MathF.PI);
        var stand = axis.LengthSquared() < 1e-6f
            ? upright
            : Quaternion.CreateFromAxisAngle(Vector3.Normalize(axis), MathF.Acos(Math.Clamp(up.Y, -1, 1)));
        var yaw = Quaternion.CreateFromAxisAngle(Vector3.UnitY, dice.Between(0, MathF.Tau));
        var tilt = Quaternion.CreateFromAxisAngle(Vector3.UnitX, dice.Normal() * 0.05f);
        return Quaternion.Normalize(yaw * tilt * stand);
    }
}
