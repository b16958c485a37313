namespace PartsWorker.Bundles.Preprocessing;

/// <summary>How much the pixels of a letterboxed image differ. An image of one color has no contrast.</summary>
public static class ImageContrast
{
    // The canvas around the image is black.
    private const int Black = 8;

    // A quarter of the pixels is enough for a mean.
    private const int Stride = 4 * 3;

    /// <param name="rgb">Pixels, 3 bytes each.</param>
    /// <returns>
    /// Standard deviation of the pixels that are not black around their mean color, over all channels, 0..255; 0 if all are black.
    /// </returns>
    public static double Of(ReadOnlySpan<byte> rgb)
    {
        long count = 0, red = 0, green = 0, blue = 0, squares = 0;
        for (var i = 0; i + 2 < rgb.Length; i += Stride)
        {
            int r = rgb[i], g = rgb[i + 1], b = rgb[i + 2];
            if (r > Black || g > Black || b > Black)
            {
                count++;
                red += r;
                green += g;
                blue += b;
                squares += (r * r) + (g * g) + (b * b);
            }
        }

        if (count == 0)
        {
            return 0;
        }

        double n = count;
        var means = ((red * red) + (green * green) + (blue * (double)blue)) / n;
        return Math.Sqrt(Math.Max(0, (squares - means) / (3 * n)));
    }
}
