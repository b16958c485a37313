using System.Buffers.Binary;

namespace PartsWorker.Bundles.Preprocessing;

/// <summary>Reads a PNG's size and interlacing from its first chunk, and its orientation from an eXIf chunk before the pixels.</summary>
internal static class PngHeader
{
    private const int FirstChunk = 8;
    private const int FramingBytes = 12;

    public static ImageHeader Read(ReadOnlySpan<byte> file)
    {
        if (file.Length < 33 || !file.Slice(12, 4).SequenceEqual("IHDR"u8))
        {
            throw new UnreadableImageException("truncated PNG header");
        }

        var size = new ImageSize(BinaryPrimitives.ReadInt32BigEndian(file[16..]), BinaryPrimitives.ReadInt32BigEndian(file[20..]));
        return new ImageHeader(ImageFormat.Png, size, WholeFrame: file[28] != 0, OrientationOf(file), Bits: file[24] == 16 ? 16 : 8);
    }

    private static int OrientationOf(ReadOnlySpan<byte> file)
    {
        long at = FirstChunk;
        while (at + FramingBytes <= file.Length)
        {
            var chunk = file[(int)at..];
            var length = BinaryPrimitives.ReadUInt32BigEndian(chunk);
            var type = chunk.Slice(4, 4);
            if (type.SequenceEqual("IDAT"u8) || FramingBytes + (long)length > chunk.Length)
            {
                break;
            }

            if (type.SequenceEqual("eXIf"u8))
            {
                return ExifOrientation.Read(chunk.Slice(8, (int)length));
            }

            at += FramingBytes + length;
        }

        return 1;
    }
}
