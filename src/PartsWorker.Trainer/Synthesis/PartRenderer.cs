using System.Numerics;

namespace PartsWorker.Trainer.Synthesis;

/// <summary>Renders a part on its ground to linear light, at twice the final size. Reuses its buffers; not thread-safe.</summary>
internal sealed class PartRenderer(int pixels)
{
    private readonly Raster _view = new(pixels, pixels);
    private readonly ShadowMap _key = new();
    private readonly ShadowMap _above = new();
    private Vector3[] _world = [];
    private Vector3[] _normals = [];
    private Vector3[] _screen = [];

    /// <summary>Linear RGB, row by row.</summary>
    public Vector3[] Light { get; } = new Vector3[pixels * pixels];

    public void Render(Mesh mesh, Finish finish, Scene scene)
    {
        Place(mesh, scene);
        var center = new Vector3(0, scene.Lift * 0.5f, 0);
        _key.Draw(_world, mesh.Triangles, scene.Studio.Key, center);
        _above.Draw(_world, mesh.Triangles, Vector3.UnitY, center);
        var surface = new Surface(finish, scene.Studio, scene.WearOffset, scene.Wear);
        for (var y = 0; y < pixels; y++)
        {
            for (var x = 0; x < pixels; x++)
            {
                var triangle = _view.Triangle[(y * pixels) + x];
                Light[(y * pixels) + x] = triangle >= 0
                    ? PartAt(mesh, scene, surface, triangle, x + 0.5f, y + 0.5f)
                    : GroundAt(scene, x + 0.5f, y + 0.5f);
            }
        }
    }

    private void Place(Mesh mesh, Scene scene)
    {
        var count = mesh.Positions.Length;
        if (_world.Length < count)
        {
            (_world, _normals, _screen) = (new Vector3[count], new Vector3[count], new Vector3[count]);
        }

        var turn = Matrix4x4.CreateFromQuaternion(scene.Rotation);
        var lift = new Vector3(0, scene.Lift, 0);
        for (var i = 0; i < count; i++)
        {
            _world[i] = Vector3.Transform(mesh.Positions[i], turn) + lift;
            _normals[i] = Vector3.TransformNormal(mesh.Normals[i], turn);
            _screen[i] = scene.Camera.Project(_world[i]);
        }

        Array.Fill(_world, lift, count, _world.Length - count);
        _view.Clear();
        _view.Draw(_screen, mesh.Triangles);
    }

    private Vector3 PartAt(Mesh mesh, Scene scene, Surface surface, int triangle, float x, float y)
    {
        var (i, j, k) = (mesh.Triangles[triangle * 3], mesh.Triangles[(triangle * 3) + 1], mesh.Triangles[(triangle * 3) + 2]);
        var (a, b, c) = (_screen[i], _screen[j], _screen[k]);
        var (u, v, w) = Raster.Weights(a, b, c, Raster.Cross(a, b, c.X, c.Y), x, y);
        (u, v, w) = (u * a.Z, v * b.Z, w * c.Z);
        var sum = u + v + w;
        (u, v, w) = (u / sum, v / sum, w / sum);
        var point = (_world[i] * u) + (_world[j] * v) + (_world[k] * w);
        var normal = Vector3.Normalize((_normals[i] * u) + (_normals[j] * v) + (_normals[k] * w));
        var inPart = (mesh.Positions[i] * u) + (mesh.Positions[j] * v) + (mesh.Positions[k] * w);
        var openness = (mesh.Openness[i] * u) + (mesh.Openness[j] * v) + (mesh.Openness[k] * w);
        openness *= Math.Clamp(0.55f + (point.Y * 1.2f), 0, 1);
        var lit = 1 - _key.At(point + (normal * 0.02f), scene.KeySoftness * 0.5f, 0.03f);
        return surface.Shade(inPart, normal, Vector3.Normalize(scene.Camera.Position - point), openness, lit);
    }

    private Vector3 GroundAt(Scene scene, float x, float y)
    {
        var ray = scene.Camera.Ray(x, y);
        var point = scene.Camera.Position - (ray * (scene.Camera.Position.Y / ray.Y));
        var lit = 1 - _key.At(point, scene.KeySoftness, 0.01f);
        var open = 1 - (0.45f * _above.At(point, 0.35f, 0.01f)) - (0.3f * _above.At(point, 0.1f, 0.01f));
        var light = (scene.Studio.Ambient(Vector3.UnitY) * open) + (scene.Studio.KeyPower * (lit * scene.Studio.Key.Y));
        return scene.Ground.At(point.X, point.Z) * light;
    }
}
