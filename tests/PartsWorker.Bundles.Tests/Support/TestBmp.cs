using System.Buffers.Binary;

namespace PartsWorker.Bundles.Tests.Support;

/// <summary>Writes uncompressed BMP files.</summary>
internal static class TestBmp
{
    /// <param name="width">Pixels per row.</param>
    /// <param name="height">Rows; negative for a file stored from the top.</param>
    /// <param name="bits">8, 24 or 32.</param>
    /// <param name="rows">Padded rows in the order of the file.</param>
    /// <param name="palette">BGRx entries.</param>
    public static byte[] Write(int width, int height, ushort bits, byte[] rows, byte[]? palette = null)
    {
        palette ??= [];
        var file = new byte[54 + palette.Length + rows.Length];
        (file[0], file[1]) = ((byte)'B', (byte)'M');
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(10), 54 + palette.Length);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(14), 40);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(18), width);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(22), height);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(26), 1);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(28), bits);
        palette.CopyTo(file, 54);
        rows.CopyTo(file, 54 + palette.Length);
        return file;
    }
}
