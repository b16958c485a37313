using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using System.Text;

namespace PartsWorker.Bundles.Tests.Support;

/// <summary>Writes small PNG files of every kind, without any image library.</summary>
internal static class TestPng
{
    public const byte Gray = 0;
    public const byte Rgb = 2;
    public const byte Palette = 3;
    public const byte GrayAlpha = 4;
    public const byte Rgba = 6;

    /// <param name="width">Pixels per row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="depth">Bits per sample.</param>
    /// <param name="colorType">One of the constants.</param>
    /// <param name="samples">Rows of samples without filter bytes; for a file that is only a header, empty.</param>
    /// <param name="palette">RGB triples.</param>
    public static byte[] Write(int width, int height, byte depth, byte colorType, byte[] samples, byte[]? palette = null)
    {
        using var file = new MemoryStream();
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (depth, colorType);
        file.Write(Chunk("IHDR", header));
        if (palette is not null)
        {
            file.Write(Chunk("PLTE", palette));
        }

        file.Write(Chunk("IDAT", Compress(samples, height)));
        file.Write(Chunk("IEND", []));
        return file.ToArray();
    }

    private static byte[] Compress(byte[] samples, int rows)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest))
        {
            var stride = samples.Length / rows;
            for (var y = 0; y < rows && stride > 0; y++)
            {
                zlib.WriteByte(0);
                zlib.Write(samples, y * stride, stride);
            }
        }

        return packed.ToArray();
    }

    /// <summary>One chunk with its length and checksum.</summary>
    public static byte[] Chunk(string type, byte[] data)
    {
        var chunk = new byte[12 + data.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        Encoding.ASCII.GetBytes(type, chunk.AsSpan(4));
        data.CopyTo(chunk, 8);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + data.Length), Crc32.HashToUInt32(chunk.AsSpan(4, 4 + data.Length)));
        return chunk;
    }
}
