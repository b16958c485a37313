using System.Runtime.InteropServices;

namespace PartsWorker.Bundles.Preprocessing;

internal enum ImageFormat
{
    Jpeg,
    Png,
    WebP,
    Bmp,
    Pnm,
    Tiff,
}

/// <summary>
/// The header of a file, read by our own code before any decoder sees it: format, size, whether a decoder must hold the whole image at
/// once, the EXIF orientation (1..8), and the bits of a sample (8 or 16). The formats here are the only ones that are ever decoded.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ImageHeader(ImageFormat Format, ImageSize Size, bool WholeFrame, int Orientation = 1, int Bits = 8)
{
    /// <summary>
    /// Most pixels of a side. The weights of a resize grow with the longer side alone, so a thin image of few pixels could need gigabytes.
    /// </summary>
    public const int MaxSide = 100_000;

    public static ImageHeader Read(ReadOnlySpan<byte> file) => file switch
    {
        [] => throw new UnreadableImageException("the file is empty"),
        [0xFF, 0xD8, 0xFF, ..] => JpegHeader.Read(file),
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => PngHeader.Read(file),
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => WebPHeader.Read(file),
        [(byte)'B', (byte)'M', ..] => BmpReader.ReadHeader(file),
        _ when TiffHeader.IsTiff(file) => TiffHeader.Read(file),
        _ when PnmReader.IsPnm(file) => PnmReader.ReadHeader(file),
        _ => throw ForeignFormats.Refuse(file),
    };

    /// <summary>Refuses what <see cref="DecodeLimits"/> do not allow.</summary>
    public static ImageHeader Check(ReadOnlySpan<byte> file, DecodeLimits limits)
    {
        if (file.Length > limits.MaxBytes)
        {
            throw new ImageTooLargeException($"{file.Length} bytes exceed the limit of {limits.MaxBytes}");
        }

        var header = Read(file);
        if (header.Size.Width <= 0 || header.Size.Height <= 0)
        {
            throw new UnreadableImageException($"damaged {header.Format} header: size {header.Size}");
        }

        if (Math.Max(header.Size.Width, header.Size.Height) > MaxSide)
        {
            throw new ImageTooLargeException($"{header.Size} pixels exceed the limit of {MaxSide} on a side");
        }

        var most = header.WholeFrame ? Math.Min(limits.MaxPixels, limits.MaxWholeFramePixels) : limits.MaxPixels;
        var which = header.WholeFrame ? " for images that decode whole" : "";
        return header.Size.Pixels <= most
            ? header
            : throw new ImageTooLargeException($"{header.Size} pixels exceed the limit of {most}{which}");
    }
}
