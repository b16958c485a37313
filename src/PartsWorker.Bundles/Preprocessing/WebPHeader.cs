using System.Buffers.Binary;

namespace PartsWorker.Bundles.Preprocessing;

/// <summary>Reads a WebP's size from its first chunk, and its orientation from the EXIF chunk that an extended file may have.</summary>
internal static class WebPHeader
{
    private const int FirstChunk = 12;
    private const int FramingBytes = 8;

    public static ImageHeader Read(ReadOnlySpan<byte> file)
    {
        if (file.Length < 30)
        {
            throw new UnreadableImageException("truncated WebP header");
        }

        // A decoder may leave missing data black and report nothing (ImageSharp does). The last byte may be padding, which some encoders
        // omit.
        if (FramingBytes + (long)BinaryPrimitives.ReadUInt32LittleEndian(file[4..]) > file.Length + 1)
        {
            throw new UnreadableImageException("truncated WebP: its end is missing");
        }

        return file.Slice(FirstChunk, 4) switch
        {
            [(byte)'V', (byte)'P', (byte)'8', (byte)'X'] => Header(new(Read24(file[24..]) + 1, Read24(file[27..]) + 1)) with
            {
                Orientation = OrientationOf(file),
            },
            [(byte)'V', (byte)'P', (byte)'8', (byte)'L'] => Header(LosslessSize(BinaryPrimitives.ReadUInt32LittleEndian(file[21..]))),
            [(byte)'V', (byte)'P', (byte)'8', (byte)' '] => Header(new(Read14(file[26..]), Read14(file[28..]))),
            _ => throw new UnreadableImageException("unknown kind of WebP"),
        };
    }

    private static ImageHeader Header(ImageSize size) => new(ImageFormat.WebP, size, WholeFrame: true);

    private static int OrientationOf(ReadOnlySpan<byte> file)
    {
        long at = FirstChunk;
        while (at + FramingBytes <= file.Length)
        {
            var chunk = file[(int)at..];
            var length = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
            if (FramingBytes + (long)length > chunk.Length)
            {
                break;
            }

            if (chunk.StartsWith("EXIF"u8))
            {
                var block = chunk.Slice(FramingBytes, (int)length);
                return ExifOrientation.Read(block.StartsWith("Exif\0\0"u8) ? block[6..] : block);
            }

            at += FramingBytes + length + (length & 1);
        }

        return 1;
    }

    private static ImageSize LosslessSize(uint bits) => new((int)(bits & 0x3FFF) + 1, (int)((bits >> 14) & 0x3FFF) + 1);

    private static int Read24(ReadOnlySpan<byte> bytes) => bytes[0] | (bytes[1] << 8) | (bytes[2] << 16);

    private static int Read14(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16LittleEndian(bytes) & 0x3FFF;
}
