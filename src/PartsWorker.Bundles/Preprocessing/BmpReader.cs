using System.Buffers.Binary;

namespace PartsWorker.Bundles.Preprocessing;

/// <summary>Uncompressed BMP of 8 (palette), 24 and 32 bits: frame grabbers write it, and libvips has no loader for it.</summary>
internal static class BmpReader
{
    public static ImageHeader ReadHeader(ReadOnlySpan<byte> file)
    {
        if (file.Length < 54)
        {
            throw new UnreadableImageException("truncated BMP header");
        }

        var height = BinaryPrimitives.ReadInt32LittleEndian(file[22..]);
        return new ImageHeader(
            ImageFormat.Bmp,
            new ImageSize(BinaryPrimitives.ReadInt32LittleEndian(file[18..]), height == int.MinValue ? 0 : Math.Abs(height)),
            WholeFrame: false);
    }

    public static void Decode(ReadOnlySpan<byte> file, ImageHeader header, DecodedImage into)
    {
        var dataAt = BinaryPrimitives.ReadUInt32LittleEndian(file[10..]);
        var infoSize = BinaryPrimitives.ReadUInt32LittleEndian(file[14..]);
        var bits = BinaryPrimitives.ReadUInt16LittleEndian(file[28..]);
        var compression = BinaryPrimitives.ReadUInt32LittleEndian(file[30..]);
        if (infoSize is < 40 or > 124 || bits is not (8 or 24 or 32) || !(compression == 0 || IsPlainBgra(file, bits, compression)))
        {
            throw new UnreadableImageException($"unsupported BMP: {bits} bits, compression {compression}");
        }

        var stride = (((long)header.Size.Width * bits) + 31) / 32 * 4;
        if (dataAt < 14 + infoSize || dataAt + (stride * header.Size.Height) > file.Length)
        {
            throw new UnreadableImageException("truncated BMP");
        }

        var palette = bits == 8 ? file[(14 + (int)infoSize)..(int)dataAt] : default;
        var topDown = BinaryPrimitives.ReadInt32LittleEndian(file[22..]) < 0;
        into.Allocate(header.Size);
        for (var y = 0; y < header.Size.Height; y++)
        {
            var row = topDown ? y : header.Size.Height - 1 - y;
            CopyRow(file.Slice((int)(dataAt + (row * stride)), (int)stride), bits, palette, into.Row(y));
        }
    }

    private static void CopyRow(ReadOnlySpan<byte> source, int bits, ReadOnlySpan<byte> palette, Span<byte> rgb)
    {
        var step = bits / 8;
        for (int x = 0, at = 0; x < rgb.Length; x += 3, at += step)
        {
            var bgr = bits == 8 ? Entry(palette, source[at]) : source.Slice(at, 3);
            (rgb[x], rgb[x + 1], rgb[x + 2]) = (bgr[2], bgr[1], bgr[0]);
        }
    }

    private static ReadOnlySpan<byte> Entry(ReadOnlySpan<byte> palette, int index) => (index * 4) + 4 <= palette.Length
        ? palette.Slice(index * 4, 4)
        : throw new UnreadableImageException("damaged BMP: a color outside its palette");

    // BITFIELDS with the masks that 32-bit BI_RGB has anyway.
    private static bool IsPlainBgra(ReadOnlySpan<byte> file, int bits, uint compression) =>
        compression == 3 && bits == 32 && file.Length >= 66
        && BinaryPrimitives.ReadUInt32LittleEndian(file[54..]) == 0x00FF0000
        && BinaryPrimitives.ReadUInt32LittleEndian(file[58..]) == 0x0000FF00
        && BinaryPrimitives.ReadUInt32LittleEndian(file[62..]) == 0x000000FF;
}
