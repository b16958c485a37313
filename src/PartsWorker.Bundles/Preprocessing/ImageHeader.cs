using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace PartsWorker.Bundles.Preprocessing;

internal enum ImageFormat
{
    Jpeg,
    Png,
    WebP,
    Bmp,
}

/// <summary>
/// What the first bytes of a file say, read by our own code before any decoder sees it: format, size, and whether a decoder must hold the whole
/// image at once. The four formats here are the only ones that are ever decoded.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ImageHeader(ImageFormat Format, ImageSize Size, bool WholeFrame)
{
    public static ImageHeader Read(ReadOnlySpan<byte> file) => file switch
    {
        [] => throw new UnreadableImageException("the file is empty"),
        [0xFF, 0xD8, 0xFF, ..] => JpegHeader.Read(file),
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => ReadPng(file),
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => ReadWebP(file),
        [(byte)'B', (byte)'M', ..] => BmpReader.ReadHeader(file),
        _ => throw new UnreadableImageException("not an image: neither JPEG, PNG, WebP nor BMP"),
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

        var most = header.WholeFrame ? Math.Min(limits.MaxPixels, limits.MaxWholeFramePixels) : limits.MaxPixels;
        return header.Size.Pixels <= most
            ? header
            : throw new ImageTooLargeException($"{header.Size} pixels exceed the limit of {most}{(header.WholeFrame ? " for images that decode whole" : "")}");
    }

    private static ImageHeader ReadPng(ReadOnlySpan<byte> file)
    {
        if (file.Length < 33 || !file.Slice(12, 4).SequenceEqual("IHDR"u8))
        {
            throw new UnreadableImageException("truncated PNG header");
        }

        var width = BinaryPrimitives.ReadInt32BigEndian(file[16..]);
        var height = BinaryPrimitives.ReadInt32BigEndian(file[20..]);
        return new ImageHeader(ImageFormat.Png, new ImageSize(width, height), WholeFrame: file[28] != 0);
    }

    private static ImageHeader ReadWebP(ReadOnlySpan<byte> file)
    {
        if (file.Length < 30)
        {
            throw new UnreadableImageException("truncated WebP header");
        }

        var chunk = file.Slice(12, 4);
        var size = chunk switch
        {
            [.., (byte)'X'] => new ImageSize(Read24(file[24..]) + 1, Read24(file[27..]) + 1),
            [.., (byte)'L'] => LosslessSize(BinaryPrimitives.ReadUInt32LittleEndian(file[21..])),
            [.., (byte)' '] => new ImageSize(Read14(file[26..]), Read14(file[28..])),
            _ => throw new UnreadableImageException("unknown kind of WebP"),
        };
        return new ImageHeader(ImageFormat.WebP, size, WholeFrame: true);
    }

    private static ImageSize LosslessSize(uint bits) => new((int)(bits & 0x3FFF) + 1, (int)((bits >> 14) & 0x3FFF) + 1);

    private static int Read24(ReadOnlySpan<byte> bytes) => bytes[0] | (bytes[1] << 8) | (bytes[2] << 16);

    private static int Read14(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16LittleEndian(bytes) & 0x3FFF;
}
