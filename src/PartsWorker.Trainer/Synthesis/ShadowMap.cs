using System.Numerics;

namespace PartsWorker.Trainer.Synthesis;

/// <summary>The shadow of a part under a distant light, with soft edges.</summary>
internal sealed class ShadowMap(int size = 192)
{
    private const float Extent = 2.1f;
    private readonly Raster _raster = new(size, size);
    private Vector3 _right;
    private Vector3 _down;
    private Vector3 _toLight;
    private Vector3 _center;
    private Vector3[] _screen = [];

    public void Draw(Vector3[] positions, int[] triangles, Vector3 toLight, Vector3 center)
    {
        (_toLight, _center) = (toLight, center);
        _right = Vector3.Normalize(Vector3.Cross(toLight, MathF.Abs(toLight.Y) > 0.95f ? Vector3.UnitX : Vector3.UnitY));
        _down = Vector3.Cross(toLight, _right);
        if (_screen.Length < positions.Length)
        {
            _screen = new Vector3[positions.Length];
        }

        for (var i = 0; i < positions.Length; i++)
        {
            _screen[i] = Project(positions[i]);
        }

        _raster.Clear();
        _raster.Draw(_screen, triangles);
    }

    /// <summary>0 lit .. 1 dark at a point, averaged over <paramref name="radius"/> part units.</summary>
    public float At(Vector3 point, float radius, float bias)
    {
        var p = Project(point);
        var step = MathF.Max(1, radius * size / Extent / 2);
        var hidden = 0;
        for (var dy = -2; dy <= 2; dy++)
        {
            for (var dx = -2; dx <= 2; dx++)
            {
                var (x, y) = ((int)(p.X + (dx * step / 2)), (int)(p.Y + (dy * step / 2)));
                if ((uint)x < (uint)size && (uint)y < (uint)size && _raster.Nearness[(y * size) + x] > p.Z + bias)
                {
                    hidden++;
                }
            }
        }

        return hidden / 25f;
    }

    private Vector3 Project(Vector3 point)
    {
        var p = point - _center;
        return new(
            ((Vector3.Dot(p, _right) / Extent) + 0.5f) * size, ((Vector3.Dot(p, _down) / Extent) + 0.5f) * size, Vector3.Dot(p, _toLight));
    }
}
