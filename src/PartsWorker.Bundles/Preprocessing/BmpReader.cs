using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace PartsWorker.Bundles.Preprocessing;

/// <summary>
/// Uncompressed BMP of 1, 4 and 8 (palette), 24 and 32 bits, of Windows and OS/2: frame grabbers write it, and libvips has no loader for
/// it.
/// </summary>
internal static class BmpReader
{
    private const int FileHeader = 14;
    private const string Plain = "save it uncompressed with 8, 24 or 32 bits";

    public static ImageHeader ReadHeader(ReadOnlySpan<byte> file)
    {
        var info = Info.Read(file);
        return new ImageHeader(
            ImageFormat.Bmp,
            new ImageSize(info.Width, info.Height == int.MinValue ? 0 : Math.Abs(info.Height)),
            WholeFrame: false);
    }

    public static void Decode(ReadOnlySpan<byte> file, ImageHeader header, DecodedImage into)
    {
        var info = Info.Read(file);
        if (info.Compression != 0 && !IsPlainBgra(file, info))
        {
            throw ForeignFormats.Refusal($"a BMP with {CompressionName(info.Compression)}", Plain);
        }

        if (info.Bits is not (1 or 4 or 8 or 24 or 32))
        {
            throw ForeignFormats.Refusal($"a BMP of {info.Bits} bits", Plain);
        }

        var stride = (((long)header.Size.Width * info.Bits) + 31) / 32 * 4;
        if (info.DataAt < FileHeader + info.Bytes || info.DataAt + (stride * header.Size.Height) > file.Length)
        {
            throw new UnreadableImageException("truncated BMP");
        }

        var palette = info.Bits <= 8 ? file[(FileHeader + info.Bytes)..(int)info.DataAt] : default;
        into.Allocate(header.Size);
        for (var y = 0; y < header.Size.Height; y++)
        {
            var row = info.Height < 0 ? y : header.Size.Height - 1 - y;
            CopyRow(file.Slice((int)(info.DataAt + (row * stride)), (int)stride), info, palette, into.Row(y));
        }
    }

    private static void CopyRow(ReadOnlySpan<byte> source, in Info info, ReadOnlySpan<byte> palette, Span<byte> rgb)
    {
        for (int x = 0, bit = 0; x < rgb.Length; x += 3, bit += info.Bits)
        {
            var bgr = info.Bits > 8
                ? source.Slice(bit / 8, 3)
                : Entry(palette, (source[bit / 8] >> (8 - info.Bits - (bit % 8))) & ((1 << info.Bits) - 1), info.EntryBytes);
            (rgb[x], rgb[x + 1], rgb[x + 2]) = (bgr[2], bgr[1], bgr[0]);
        }
    }

    private static ReadOnlySpan<byte> Entry(ReadOnlySpan<byte> palette, int index, int bytes) => (index * bytes) + bytes <= palette.Length
        ? palette.Slice(index * bytes, bytes)
        : throw new UnreadableImageException("damaged BMP: a color outside its palette");

    // BITFIELDS with the masks that 32-bit BI_RGB has anyway.
    private static bool IsPlainBgra(ReadOnlySpan<byte> file, in Info info) =>
        info is { Compression: 3, Bits: 32, Bytes: not Info.Os2Version2 } && file.Length >= 66
        && BinaryPrimitives.ReadUInt32LittleEndian(file[54..]) == 0x00FF0000
        && BinaryPrimitives.ReadUInt32LittleEndian(file[58..]) == 0x0000FF00
        && BinaryPrimitives.ReadUInt32LittleEndian(file[62..]) == 0x000000FF;

    private static string CompressionName(uint compression) => compression switch
    {
        1 or 2 => "RLE compression",
        3 => "color masks",
        4 => "an embedded JPEG or RLE24 compression",
        5 => "an embedded PNG",
        _ => $"unknown compression {compression}",
    };

    /// <summary>The second header. OS/2 1.x has a short one of 12 bytes, with 16-bit sides and palette entries of 3 bytes.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Info(int Bytes, long DataAt, int Width, int Height, int Bits, uint Compression)
    {
        public const int Os2Version2 = 64;
        private const int Os2Version1 = 12, Windows = 40, WindowsVersion5 = 124;

        public int EntryBytes => Bytes == Os2Version1 ? 3 : 4;

        public static Info Read(ReadOnlySpan<byte> file)
        {
            if (file.Length < FileHeader + Os2Version1)
            {
                throw new UnreadableImageException("truncated BMP header");
            }

            var dataAt = BinaryPrimitives.ReadUInt32LittleEndian(file[10..]);
            var bytes = BinaryPrimitives.ReadUInt32LittleEndian(file[FileHeader..]);
            var fields = file[(FileHeader + 4)..];
            if (bytes == Os2Version1)
            {
                return new(Os2Version1, dataAt, Read16(fields), Read16(fields[2..]), Read16(fields[6..]), 0);
            }

            if (file.Length < FileHeader + Windows)
            {
                throw new UnreadableImageException("truncated BMP header");
            }

            return bytes is >= Windows and <= WindowsVersion5
                ? new(
                    (int)bytes,
                    dataAt,
                    BinaryPrimitives.ReadInt32LittleEndian(fields),
                    BinaryPrimitives.ReadInt32LittleEndian(fields[4..]),
                    Read16(fields[10..]),
                    BinaryPrimitives.ReadUInt32LittleEndian(fields[12..]))
                : throw ForeignFormats.Refusal($"a BMP with a header of {bytes} bytes", Plain);
        }

        private static int Read16(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16LittleEndian(bytes);
    }
}
