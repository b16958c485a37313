using System.Buffers.Binary;
using System.Text;

namespace PartsWorker.Bundles.Tests.Support;

/// <summary>Puts an EXIF orientation into a JPEG, PNG or lossless WebP that has none.</summary>
internal static class TestExif
{
    /// <summary>A TIFF block of one directory with one entry, the orientation.</summary>
    public static byte[] Block(int orientation, bool little)
    {
        byte value = (byte)orientation;
        return little
            ? [(byte)'I', (byte)'I', 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, value, 0, 0, 0, 0, 0, 0, 0]
            : [(byte)'M', (byte)'M', 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, value, 0, 0, 0, 0, 0, 0];
    }

    public static byte[] IntoJpeg(byte[] jpeg, byte[] block)
    {
        byte[] body = [.. "Exif\0\0"u8, .. block];
        return [0xFF, 0xD8, 0xFF, 0xE1, 0, (byte)(body.Length + 2), .. body, .. jpeg[2..]];
    }

    public static byte[] IntoPng(byte[] png, byte[] block) => [.. png[..33], .. TestPng.Chunk("eXIf", block), .. png[33..]];

    public static byte[] IntoLosslessWebP(byte[] webP, int width, int height, byte[] block)
    {
        var extended = new byte[10];
        extended[0] = 0x08;
        BinaryPrimitives.WriteInt32LittleEndian(extended.AsSpan(4), width - 1);
        BinaryPrimitives.WriteInt16LittleEndian(extended.AsSpan(7), (short)(height - 1));
        byte[] chunks = [.. "WEBP"u8, .. Chunk("VP8X", extended), .. webP[12..], .. Chunk("EXIF", block)];
        return [.. "RIFF"u8, .. LittleEndian(chunks.Length), .. chunks];
    }

    private static byte[] Chunk(string type, byte[] data) => [.. Encoding.ASCII.GetBytes(type), .. LittleEndian(data.Length), .. data];

    private static byte[] LittleEndian(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return bytes;
    }
}
