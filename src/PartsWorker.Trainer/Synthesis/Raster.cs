using System.Numerics;

namespace PartsWorker.Trainer.Synthesis;

/// <summary>
/// Nearest-surface buffer: draws triangles and remembers, per pixel, the nearest one. Used for the camera and for shadows.
/// </summary>
internal sealed class Raster(int width, int height)
{
    public int Width { get; } = width;

    public int Height { get; } = height;

    /// <summary>Larger is nearer; 1/depth for a camera, minus depth for parallel light. Both are linear on the screen.</summary>
    public float[] Nearness { get; } = new float[width * height];

    /// <summary>Triangle number per pixel, -1 where nothing was drawn.</summary>
    public int[] Triangle { get; } = new int[width * height];

    public void Clear()
    {
        Array.Fill(Nearness, float.NegativeInfinity);
        Array.Fill(Triangle, -1);
    }

    /// <param name="screen">Per vertex: x, y in pixels and the nearness in z.</param>
    /// <param name="triangles">Vertex numbers.</param>
    /// <param name="firstTriangle">Number given to the first triangle drawn.</param>
    public void Draw(ReadOnlySpan<Vector3> screen, ReadOnlySpan<int> triangles, int firstTriangle = 0)
    {
        for (var t = 0; t + 2 < triangles.Length; t += 3)
        {
            DrawTriangle(screen[triangles[t]], screen[triangles[t + 1]], screen[triangles[t + 2]], firstTriangle + (t / 3));
        }
    }

    private void DrawTriangle(Vector3 a, Vector3 b, Vector3 c, int number)
    {
        var area = Cross(a, b, c.X, c.Y);
        if (MathF.Abs(area) < 1e-9f)
        {
            return;
        }

        var left = Math.Max(0, (int)MathF.Ceiling(MathF.Min(a.X, MathF.Min(b.X, c.X)) - 0.5f));
        var right = Math.Min(Width - 1, (int)MathF.Floor(MathF.Max(a.X, MathF.Max(b.X, c.X)) - 0.5f));
        var top = Math.Max(0, (int)MathF.Ceiling(MathF.Min(a.Y, MathF.Min(b.Y, c.Y)) - 0.5f));
        var bottom = Math.Min(Height - 1, (int)MathF.Floor(MathF.Max(a.Y, MathF.Max(b.Y, c.Y)) - 0.5f));
        for (var y = top; y <= bottom; y++)
        {
            for (var x = left; x <= right; x++)
            {
                var (u, v, w) = Weights(a, b, c, area, x + 0.5f, y + 0.5f);
                if (u < 0 || v < 0 || w < 0)
                {
                    continue;
                }

                var nearness = (u * a.Z) + (v * b.Z) + (w * c.Z);
                var pixel = (y * Width) + x;
                if (nearness <= Nearness[pixel])
                {
                    continue;
                }

                Nearness[pixel] = nearness;
                Triangle[pixel] = number;
            }
        }
    }

    /// <summary>Barycentric weights of a screen point.</summary>
    public static (float A, float B, float C) Weights(Vector3 a, Vector3 b, Vector3 c, float area, float x, float y)
    {
        var u = Cross(b, c, x, y) / area;
        var v = Cross(c, a, x, y) / area;
        return (u, v, 1 - u - v);
    }

    public static float Cross(Vector3 a, Vector3 b, float x, float y) => ((b.X - a.X) * (y - a.Y)) - ((b.Y - a.Y) * (x - a.X));
}
