using BitMiracle.LibTiff.Classic;

namespace PartsWorker.Bundles.Preprocessing;

/// <summary>How the samples of a TIFF are stored; refuses by name what is not read.</summary>
/// <param name="Bits">Per sample, 1..16.</param>
/// <param name="Bands">Samples per pixel within a plane.</param>
/// <param name="Planes">1, or 3 if each color is stored apart.</param>
/// <param name="Inverted">Zero is white.</param>
/// <param name="Palette">Red, green and blue by index, 16 bits each; null without a palette.</param>
internal sealed record TiffLayout(int Bits, int Bands, int Planes, bool Inverted, ushort[][]? Palette)
{
    private const int MostBands = 8;

    public static TiffLayout Of(Tiff tiff)
    {
        var (bits, bands) = (Field(tiff, TiffTag.BITSPERSAMPLE), Field(tiff, TiffTag.SAMPLESPERPIXEL));
        var photometric = (Photometric)(tiff.GetField(TiffTag.PHOTOMETRIC)?[0].ToInt() ?? (int)Photometric.MINISBLACK);
        var apart = Field(tiff, TiffTag.PLANARCONFIG) == (int)PlanarConfig.SEPARATE && bands > 1;
        var refusal = RefusedSamples((SampleFormat)Field(tiff, TiffTag.SAMPLEFORMAT), bits, bands) ?? RefusedColors(photometric);
        if (refusal is not null)
        {
            throw ForeignFormats.Refusal(refusal, "save it as gray or RGB with 8 or 16 bits");
        }

        var rgb = photometric == Photometric.RGB;
        if (rgb && bands < 3)
        {
            throw new UnreadableImageException($"damaged Tiff: RGB of {bands} samples");
        }

        var palette = photometric == Photometric.PALETTE ? PaletteOf(tiff, bits, bands) : null;
        return new(bits, apart ? 1 : bands, apart ? rgb ? 3 : 1 : 1, photometric == Photometric.MINISWHITE, palette)
        {
            Colors = rgb ? 3 : 1,
        };
    }

    /// <summary>3 for RGB, 1 for gray and palettes. Samples beyond are alpha, and dropped.</summary>
    public required int Colors { get; init; }

    public int RowBytes(int width) => checked((int)((((long)width * Bands * Bits) + 7) / 8));

    private static int Field(Tiff tiff, TiffTag tag) => tiff.GetFieldDefaulted(tag)[0].ToInt();

    private static string? RefusedSamples(SampleFormat format, int bits, int bands) => format switch
    {
        SampleFormat.INT => "a TIFF of signed integers",
        SampleFormat.IEEEFP => "a floating-point TIFF",
        SampleFormat.COMPLEXINT or SampleFormat.COMPLEXIEEEFP => "a TIFF of complex numbers",
        _ when bits is < 1 or > 16 => $"a TIFF of {bits} bits per sample",
        _ when bands is < 1 or > MostBands => $"a TIFF of {bands} samples per pixel",
        _ => null,
    };

    private static string? RefusedColors(Photometric photometric) => photometric switch
    {
        Photometric.MINISWHITE or Photometric.MINISBLACK or Photometric.RGB or Photometric.PALETTE => null,
        Photometric.MASK => "a TIFF mask",
        Photometric.SEPARATED => "a CMYK TIFF",
        Photometric.YCBCR => "a YCbCr TIFF",
        Photometric.CIELAB or Photometric.ICCLAB or Photometric.ITULAB => "a CIELab TIFF",
        Photometric.LOGL or Photometric.LOGLUV => "a LogLuv TIFF",
        (Photometric)32803 => "a TIFF of raw sensor data (CFA)",
        _ => $"a TIFF of the color space {(int)photometric}",
    };

    private static ushort[][] PaletteOf(Tiff tiff, int bits, int bands)
    {
        if (bits > 8 || bands != 1 || tiff.GetField(TiffTag.COLORMAP) is not { Length: >= 3 } map)
        {
            throw new UnreadableImageException("damaged Tiff: no palette for its colors");
        }

        var palette = Array.ConvertAll(map[..3], channel => channel.ToUShortArray() ?? []);
        return Array.TrueForAll(palette, channel => channel.Length >= 1 << bits)
            ? palette
            : throw new UnreadableImageException("damaged Tiff: its palette is too short");
    }
}
