using System.Runtime.InteropServices;

namespace PartsWorker.Bundles.Preprocessing.Vips;

/// <summary>
/// Turns libvips rows into RGB24: gray is repeated, alpha is dropped (not blended), 16 bits keep their upper 8, CMYK is multiplied out.
/// </summary>
internal static class PixelRows
{
    public static void Convert(ReadOnlySpan<byte> source, int bands, VipsFormat format, bool cmyk, Span<byte> rgb)
    {
        if (format == VipsFormat.UShort)
        {
            FromWords(MemoryMarshal.Cast<byte, ushort>(source), bands, rgb);
        }
        else if (cmyk)
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

    private static void FromWords(ReadOnlySpan<ushort> source, int bands, Span<byte> rgb)
    {
        var (green, blue) = bands < 3 ? (0, 0) : (1, 2);
        for (int x = 0, at = 0; x < rgb.Length; x += 3, at += bands)
        {
            (rgb[x], rgb[x + 1], rgb[x + 2]) = ((byte)(source[at] >> 8), (byte)(source[at + green] >> 8), (byte)(source[at + blue] >> 8));
        }
    }

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
