using System.Numerics;

namespace PartsWorker.Trainer.Synthesis;

/// <summary>
/// Surface nets: one vertex per grid cell that the surface crosses, at the mean of its edge crossings, one quad per crossed grid edge.
/// Normals are computed from the distance field, so that a coarse mesh also has smooth shading.
/// </summary>
internal sealed class SurfaceMesher(Solid solid, int cells = 112)
{
    private const float Extent = 1.08f;
    private const int Block = 8;
    private readonly int _points = cells + 1;
    private readonly float _step = 2 * Extent / cells;
    private readonly List<Vector3> _positions = [];
    private readonly List<int> _triangles = [];

    public static Mesh Create(Solid solid, int cells = 112) => new SurfaceMesher(solid, cells).Run();

    private Mesh Run()
    {
        var field = Sample();
        var vertexOf = PlaceVertices(field);
        Connect(field, vertexOf);
        var normals = _positions.ConvertAll(Gradient).ToArray();
        var openness = _positions.Select((p, i) => Openness(p, normals[i])).ToArray();
        var low = _positions.Aggregate(Vector3.Min);
        var high = _positions.Aggregate(Vector3.Max);
        return new(_positions.ConvertAll(p => p - ((low + high) / 2)).ToArray(), normals, openness, _triangles.ToArray());
    }

    private Vector3 Point(int x, int y, int z) => (new Vector3(x, y, z) * _step) - new Vector3(Extent);

    private int Index(int x, int y, int z) => (((z * _points) + y) * _points) + x;

    /// <summary>Evaluates the field near the surface; blocks far from it get one coarse value.</summary>
    private float[] Sample()
    {
        var field = new float[_points * _points * _points];
        var reach = _step * Block * 0.95f;
        for (var z = 0; z < _points; z += Block)
        {
            for (var y = 0; y < _points; y += Block)
            {
                for (var x = 0; x < _points; x += Block)
                {
                    var middle = solid(Point(x, y, z) + new Vector3(_step * (Block - 1) / 2));
                    Fill(field, x, y, z, MathF.Abs(middle) * 1.2f > reach * 1.6f ? middle : null);
                }
            }
        }

        return field;
    }

    private void Fill(float[] field, int x0, int y0, int z0, float? constant)
    {
        for (var z = z0; z < Math.Min(z0 + Block, _points); z++)
        {
            for (var y = y0; y < Math.Min(y0 + Block, _points); y++)
            {
                for (var x = x0; x < Math.Min(x0 + Block, _points); x++)
                {
                    field[Index(x, y, z)] = constant ?? solid(Point(x, y, z));
                }
            }
        }
    }

    private Dictionary<int, int> PlaceVertices(float[] field)
    {
        var vertexOf = new Dictionary<int, int>();
        for (var z = 0; z < cells; z++)
        {
            for (var y = 0; y < cells; y++)
            {
                for (var x = 0; x < cells; x++)
                {
                    if (CrossingMean(field, x, y, z) is not { } position)
                    {
                        continue;
                    }

                    vertexOf[Index(x, y, z)] = _positions.Count;
                    _positions.Add(position);
                }
            }
        }

        return vertexOf;
    }

    private Vector3? CrossingMean(float[] field, int x, int y, int z)
    {
        Span<float> corner = stackalloc float[8];
        var inside = 0;
        for (var i = 0; i < 8; i++)
        {
            corner[i] = field[Index(x + (i & 1), y + ((i >> 1) & 1), z + (i >> 2))];
            inside += corner[i] < 0 ? 1 : 0;
        }

        if (inside is 0 or 8)
        {
            return null;
        }

        var sum = Vector3.Zero;
        var crossings = 0;
        for (var i = 0; i < 8; i++)
        {
            for (var bit = 1; bit < 8; bit <<= 1)
            {
                if ((i & bit) != 0 || (corner[i] < 0) == (corner[i | bit] < 0))
                {
                    continue;
                }

                var t = corner[i] / (corner[i] - corner[i | bit]);
                sum += Vector3.Lerp(Corner(i), Corner(i | bit), t);
                crossings++;
            }
        }

        return Point(x, y, z) + (sum / crossings * _step);
    }

    private static Vector3 Corner(int i) => new(i & 1, (i >> 1) & 1, i >> 2);

    private void Connect(float[] field, Dictionary<int, int> vertexOf)
    {
        for (var z = 1; z < cells; z++)
        {
            for (var y = 1; y < cells; y++)
            {
                for (var x = 1; x < cells; x++)
                {
                    var here = field[Index(x, y, z)] < 0;
                    if (here != field[Index(x + 1, y, z)] < 0)
                    {
                        Quad(
                            here,
                            vertexOf[Index(x, y - 1, z - 1)],
                            vertexOf[Index(x, y, z - 1)],
                            vertexOf[Index(x, y, z)],
                            vertexOf[Index(x, y - 1, z)]);
                    }

                    if (here != field[Index(x, y + 1, z)] < 0)
                    {
                        Quad(
                            here,
                            vertexOf[Index(x - 1, y, z - 1)],
                            vertexOf[Index(x - 1, y, z)],
                            vertexOf[Index(x, y, z)],
                            vertexOf[Index(x, y, z - 1)]);
                    }

                    if (here != field[Index(x, y, z + 1)] < 0)
                    {
                        Quad(
                            here,
                            vertexOf[Index(x - 1, y - 1, z)],
                            vertexOf[Index(x, y - 1, z)],
                            vertexOf[Index(x, y, z)],
                            vertexOf[Index(x - 1, y, z)]);
                    }
                }
            }
        }
    }

    private void Quad(bool outward, int a, int b, int c, int d) =>
        _triangles.AddRange(outward ? [a, b, c, a, c, d] : [a, c, b, a, d, c]);

    private Vector3 Gradient(Vector3 p)
    {
        var e = _step * 0.35f;
        var g = new Vector3(
            solid(p + new Vector3(e, 0, 0)) - solid(p - new Vector3(e, 0, 0)),
            solid(p + new Vector3(0, e, 0)) - solid(p - new Vector3(0, e, 0)),
            solid(p + new Vector3(0, 0, e)) - solid(p - new Vector3(0, 0, e)));
        return g.LengthSquared() > 1e-12f ? Vector3.Normalize(g) : Vector3.UnitY;
    }

    /// <summary>Ambient occlusion from the field: in a crevice the distance grows more slowly than the length of the step.</summary>
    private float Openness(Vector3 p, Vector3 normal)
    {
        var hidden = 0f;
        var weight = 1f;
        for (var walk = 0.05f; walk < 0.35f; walk *= 1.7f, weight *= 0.7f)
        {
            hidden += weight * MathF.Max(0, walk - MathF.Max(solid(p + (normal * walk)), 0)) / walk;
        }

        return Math.Clamp(1 - (hidden * 0.38f), 0.12f, 1);
    }
}
