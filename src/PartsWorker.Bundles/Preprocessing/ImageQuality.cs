using System.Runtime.InteropServices;

namespace PartsWorker.Bundles.Preprocessing;

/// <summary>
/// Exposure and sharpness of an image, measured on the letterboxed pixels that the model takes, at one pixel in eight. Gray is
/// (R + 2G + B) / 4, 0..255.
/// </summary>
/// <param name="Brightest">Gray that 0.5 % of the pixels exceed: low in an image that is nearly black.</param>
/// <param name="Darkest">Gray that all but 0.5 % of the pixels exceed: high in an image that is nearly white.</param>
/// <param name="Sharpness">
/// Second difference of gray, horizontal plus vertical, that 1 % of the pixels exceed, 0..1020: low in a blurred image.
/// </param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ImageQuality(int Brightest, int Darkest, int Sharpness)
{
    /// <summary>An image without any fault.</summary>
    public static readonly ImageQuality Good = new(255, 0, 1020);

    private const int Step = 8;
    private const int Levels = 256;
    private const int Differences = (4 * 255) + 1;

    /// <param name="square">S*S*3 bytes, RGB, letterboxed on black.</param>
    /// <param name="side">S.</param>
    public static ImageQuality Of(ReadOnlySpan<byte> square, int side)
    {
        // This check is what makes the pointers of Count safe.
        square = square[..(side * side * 3)];
        Span<int> gray = stackalloc int[Levels];
        Span<int> edges = stackalloc int[Differences];
        gray.Clear();
        edges.Clear();
        var count = Count(square, side, gray, edges);
        return count == 0 ? Good : new(Exceeded(gray, count, 0.005), Exceeded(gray, count, 0.995), Exceeded(edges, count, 0.01));
    }

    private static unsafe int Count(ReadOnlySpan<byte> square, int side, Span<int> gray, Span<int> edges)
    {
        var (left, top) = Bars(square, side);
        var (count, stride) = (0, side * 3);
        fixed (byte* pixels = square)
        {
            for (var y = top + 1; y < side - top - 1; y++)
            {
                // Shifted from row to row, so that vertical stripes cannot hide between the columns.
                var end = pixels + (y * stride) + ((side - left - 1) * 3);
                for (var at = pixels + (y * stride) + ((left + 1 + (y * 3 % Step)) * 3); at < end; at += Step * 3, count++)
                {
                    var twice = 2 * Gray(at);
                    gray[twice / 2]++;
                    edges[Math.Abs(twice - Gray(at - 3) - Gray(at + 3)) + Math.Abs(twice - Gray(at - stride) - Gray(at + stride))]++;
                }
            }
        }

        return count;
    }

    private static unsafe int Gray(byte* rgb) => (rgb[0] + (2 * rgb[1]) + rgb[2]) >> 2;

    /// <summary>The largest value that at least this share of the pixels reaches.</summary>
    private static int Exceeded(ReadOnlySpan<int> counts, int total, double share)
    {
        var (value, left) = (counts.Length - 1, (int)(share * total));
        while (value > 0 && (left -= counts[value]) >= 0)
        {
            value--;
        }

        return value;
    }

    // The canvas around the image: equal bars left and right, or top and bottom. An image that is black all over has none.
    private static (int Left, int Top) Bars(ReadOnlySpan<byte> square, int side)
    {
        var first = square.IndexOfAnyExcept((byte)0);
        if (first < 0)
        {
            return (0, 0);
        }

        var top = Math.Min(first / (side * 3), side - 1 - (square.LastIndexOfAnyExcept((byte)0) / (side * 3)));
        var left = side / 2;
        for (var y = top; y < side - top && left > 0; y++)
        {
            var row = square.Slice(y * side * 3, side * 3);
            var start = row[..(left * 3)].IndexOfAnyExcept((byte)0);
            var end = row[^(left * 3)..].LastIndexOfAnyExcept((byte)0);
            left = Math.Min(start < 0 ? left : start / 3, end < 0 ? left : left - 1 - (end / 3));
        }

        return (left, top);
    }
}
