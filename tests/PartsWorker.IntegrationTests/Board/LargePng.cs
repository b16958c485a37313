using System.Buffers.Binary;
using System.IO.Hashing;

namespace PartsWorker.IntegrationTests.Board;

/// <summary>The first bytes of a PNG that claims any size.</summary>
internal static class LargePng
{
    public static byte[] Header(int width, int height)
    {
        byte[] png =
        [
            0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10, 0, 0, 0, 13, .. "IHDR"u8, .. new byte[8], 8, 2, 0, 0, 0, .. new byte[4],
        ];
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(16), width);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(20), height);
        BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(29), Crc32.HashToUInt32(png.AsSpan(12, 17)));
        return png;
    }
}
