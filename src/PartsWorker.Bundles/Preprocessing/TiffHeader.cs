using System.Buffers.Binary;

namespace PartsWorker.Bundles.Preprocessing;

/// <summary>
/// The first directory of a TIFF, read and checked before a decoder sees the file: what is not read is refused by its name, and no entry
/// reaches beyond the file.
/// </summary>
internal static class TiffHeader
{
    private const int EntryBytes = 12;
    private const ushort SubfileTypeTag = 254, CompressionTag = 259, DngVersionTag = 50706;
    private const string Develop = "let the camera write JPEG or TIFF, or convert it";
    private const string Plain = "save it uncompressed, or with LZW, Deflate or PackBits";

    // Bytes of one value by type, 0 where there is no such type.
    private static readonly byte[] TypeBytes = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4];

    public static bool IsTiff(ReadOnlySpan<byte> file) =>
        file.StartsWith("II*\0"u8) || file.StartsWith("MM\0*"u8) || file.StartsWith("II+\0"u8) || file.StartsWith("MM\0+"u8);

    public static ImageHeader Read(ReadOnlySpan<byte> file)
    {
        var little = file[0] == 'I';
        if (file[little ? 2 : 3] == '+')
        {
            throw ForeignFormats.Refusal("a BigTIFF", "save it as a TIFF of less than 4 GB");
        }

        if (file.Length < 10 || Read32(file[4..], little) is var start && start > file.Length - 2)
        {
            throw new UnreadableImageException("truncated TIFF: its directory is missing");
        }

        if (file[8..].StartsWith("CR"u8))
        {
            throw ForeignFormats.Refusal("a Canon raw file (CR2)", Develop);
        }

        var (size, orientation) = (default(ImageSize), 1);
        var directory = file[(int)start..];
        var count = Read16(directory, little);
        for (int i = 0, at = 2; i < count; i++, at += EntryBytes)
        {
            if (at + EntryBytes > directory.Length)
            {
                throw new UnreadableImageException("truncated TIFF directory");
            }

            var entry = directory.Slice(at, EntryBytes);
            var value = Value(entry, file.Length, little);
            Check(Read16(entry, little), value);
            (size, orientation) = Read16(entry, little) switch
            {
                256 => (size with { Width = (int)value }, orientation),
                257 => (size with { Height = (int)value }, orientation),
                274 => (size, (int)value),
                _ => (size, orientation),
            };
        }

        return new ImageHeader(ImageFormat.Tiff, size, WholeFrame: false, orientation);
    }

    /// <summary>The first value of an entry; 0 for values that are stored elsewhere, or are no integers.</summary>
    private static uint Value(ReadOnlySpan<byte> entry, int fileLength, bool little)
    {
        var type = Read16(entry[2..], little);
        var bytes = Read32(entry[4..], little) * (long)(type < TypeBytes.Length ? TypeBytes[type] : 0);
        if (bytes > 4)
        {
            return Read32(entry[8..], little) + bytes <= fileLength
                ? 0u
                : throw new UnreadableImageException("damaged or truncated TIFF: an entry of its directory reaches beyond the file");
        }

        return type == 3 ? (uint)Read16(entry[8..], little) : Math.Min(Read32(entry[8..], little), (uint)int.MaxValue);
    }

    private static void Check(int tag, uint value)
    {
        var refusal = (tag, value) switch
        {
            (DngVersionTag, _) => ForeignFormats.Refusal("a DNG raw file", Develop),
            (SubfileTypeTag, _) when (value & 1) == 1 =>
                ForeignFormats.Refusal("a TIFF that begins with a thumbnail (a raw file of a camera?)", Develop),
            (CompressionTag, not (1 or 5 or 8 or 32773 or 32946)) =>
                ForeignFormats.Refusal($"a TIFF with {CompressionName(value)} compression", Plain),
            _ => null,
        };
        if (refusal is not null)
        {
            throw refusal;
        }
    }

    private static string CompressionName(uint value) => value switch
    {
        2 => "CCITT",
        3 => "CCITT Group 3",
        4 => "CCITT Group 4",
        6 or 7 or 34892 => "JPEG",
        34712 => "JPEG 2000",
        34713 => "Nikon raw",
        34887 => "LERC",
        34925 => "LZMA",
        50000 => "Zstandard",
        50001 => "WebP",
        50002 or 52546 => "JPEG XL",
        _ => $"unknown ({value})",
    };

    private static ushort Read16(ReadOnlySpan<byte> bytes, bool little) =>
        little ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);

    private static uint Read32(ReadOnlySpan<byte> bytes, bool little) =>
        little ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);
}
