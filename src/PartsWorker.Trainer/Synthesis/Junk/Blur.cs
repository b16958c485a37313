using System.Numerics;

namespace PartsWorker.Trainer.Synthesis.Junk;

/// <summary>Blurs a canvas: three box filters in each direction, close to a Gaussian.</summary>
internal static class Blur
{
    private const int Passes = 3;

    /// <param name="canvas">Changed in place.</param>
    /// <param name="across">Radius along x in units of the canvas; 0 = none. Unequal radii look like a moving camera.</param>
    /// <param name="down">Radius along y.</param>
    public static void Apply(Canvas canvas, float across, float down)
    {
        var (width, height) = (canvas.Size.Width, canvas.Size.Height);
        var buffer = new Vector3[Math.Max(width, height)];
        for (var pass = 0; pass < Passes; pass++)
        {
            for (var y = 0; y < height; y++)
            {
                Line(canvas.Pixels, y * width, 1, buffer.AsSpan(0, width), (int)(across / canvas.PixelWidth));
            }

            for (var x = 0; x < width; x++)
            {
                Line(canvas.Pixels, x, width, buffer.AsSpan(0, height), (int)(down / canvas.PixelWidth));
            }
        }
    }

    private static void Line(Vector3[] pixels, int start, int step, Span<Vector3> copy, int radius)
    {
        if (radius < 1)
        {
            return;
        }

        for (var i = 0; i < copy.Length; i++)
        {
            copy[i] = pixels[start + (i * step)];
        }

        var sum = Vector3.Zero;
        for (var j = -radius; j <= radius; j++)
        {
            sum += copy[Math.Clamp(j, 0, copy.Length - 1)];
        }

        for (var i = 0; i < copy.Length; i++)
        {
            pixels[start + (i * step)] = sum / ((2 * radius) + 1);
            sum += copy[Math.Min(i + radius + 1, copy.Length - 1)] - copy[Math.Max(i - radius, 0)];
        }
    }
}
