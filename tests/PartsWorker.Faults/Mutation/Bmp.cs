using System.Buffers.Binary;

namespace PartsWorker.Faults.Mutation;

/// <summary>Writes an uncompressed 24-bit BMP of noise.</summary>
internal static class Bmp
{
    private const int HeaderBytes = 54;

    public static byte[] Noise(Random random, int width, int height)
    {
        var stride = ((3 * width) + 3) / 4 * 4;
        var bytes = new byte[HeaderBytes + (stride * height)];
        random.NextBytes(bytes.AsSpan(HeaderBytes));
        "BM"u8.CopyTo(bytes);
        Write(2, bytes.Length);
        Write(10, HeaderBytes);
        Write(14, 40);
        Write(18, width);
        Write(22, height);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(26), 1);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(28), 24);
        return bytes;

        void Write(int at, int value) => BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at), value);
    }
}
