using System.Numerics;

namespace PartsWorker.Trainer.Synthesis;

/// <summary>A pinhole camera that looks at the part from above; pixel (0, 0) is the upper left.</summary>
internal sealed class Camera
{
    private readonly float _scale;
    private readonly Vector2 _middle;

    /// <param name="target">Point that the camera looks at.</param>
    /// <param name="direction">Unit vector from target to camera.</param>
    /// <param name="roll">Rotation around the line of sight in radians.</param>
    /// <param name="distance">Distance in part units.</param>
    /// <param name="fill">Radius around the target that reaches the image's edge.</param>
    /// <param name="size">Side of the image in pixels.</param>
    public Camera(Vector3 target, Vector3 direction, float roll, float distance, float fill, int size)
    {
        Position = target + (direction * distance);
        Forward = -direction;
        var right = Vector3.Normalize(Vector3.Cross(Forward, MathF.Abs(Forward.Y) > 0.99f ? Vector3.UnitZ : Vector3.UnitY));
        var down = Vector3.Cross(Forward, right);
        var (sin, cos) = MathF.SinCos(roll);
        Right = (right * cos) + (down * sin);
        Down = (down * cos) - (right * sin);
        _scale = size / 2f * distance / fill;
        _middle = new(size / 2f);
    }

    public Vector3 Position { get; }

    private Vector3 Forward { get; }

    private Vector3 Right { get; }

    private Vector3 Down { get; }

    /// <summary>Projects a point to its pixel position, with 1/depth in z.</summary>
    public Vector3 Project(Vector3 point)
    {
        var p = point - Position;
        var nearness = 1 / Vector3.Dot(p, Forward);
        return new(
            (Vector3.Dot(p, Right) * nearness * _scale) + _middle.X, (Vector3.Dot(p, Down) * nearness * _scale) + _middle.Y, nearness);
    }

    /// <summary>Unit direction of the ray through a pixel position.</summary>
    public Vector3 Ray(float x, float y) =>
        Vector3.Normalize(Forward + (Right * ((x - _middle.X) / _scale)) + (Down * ((y - _middle.Y) / _scale)));
}
