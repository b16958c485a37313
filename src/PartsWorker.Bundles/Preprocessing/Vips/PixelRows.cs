namespace PartsWorker.Bundles.Preprocessing.Vips;

/// <summary>
/// Turns libvips rows into RGB24: gray is repeated, alpha is dropped (not blended), CMYK is multiplied out.
/// </summary>
internal static class PixelRows
{
    public static void Convert(ReadOnlySpan<byte> source, int bands, bool cmyk, Span<byte> rgb)
    {
        if (cmyk)
        {
            FromCmyk(source, bands, rgb);
        }
        else if (bands == 3)
        {
            source.CopyTo(rgb);
        }
        else
        {
            FromBytes(source, bands, rgb);
        }
    }

    private static void FromBytes(ReadOnlySpan<byte> source, int bands, Span<byte> rgb)
    {
        var (green, blue) = bands < 3 ? (0, 0) : (1, 2);
        for (int x = 0, at = 0; x < rgb.Length; x += 3, at += bands)
        {
            (rgb[x], rgb[x + 1], rgb[x + 2]) = (source[at], source[at + green], source[at + blue]);
        }
    }

    // JPEGs store CMYK inverted, also without an Adobe marker; libvips turns it back.
    private static void FromCmyk(ReadOnlySpan<byte> source, int bands, Span<byte> rgb)
    {
        for (int x = 0, at = 0; x < rgb.Length; x += 3, at += bands)
        {
            var light = 255 - source[at + 3];
            for (var i = 0; i < 3; i++)
            {
                rgb[x + i] = (byte)Math.Max(0, light - DividedBy255(source[at + i] * light));
            }
        }
    }

    /// <summary>value / 255, rounded to nearest, for 0..255*255.</summary>
    private static int DividedBy255(int value) => (value + 128 + ((value + 128) >> 8)) >> 8;
}
