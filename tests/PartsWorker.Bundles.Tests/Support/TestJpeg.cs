using System.Text;

namespace PartsWorker.Bundles.Tests.Support;

/// <summary>Writes baseline JPEGs of plain 8x8 blocks with any components and markers, which no library here writes.</summary>
internal static class TestJpeg
{
    /// <param name="blocks">Blocks from left to right, one sample per component each.</param>
    /// <param name="adobeTransform">Of an Adobe marker: 0 RGB or CMYK, 1 YCbCr, 2 YCCK; null for no marker.</param>
    /// <param name="ids">Component ids.</param>
    /// <param name="repeat">How often the row of blocks is repeated downwards.</param>
    public static byte[] Write(byte[][] blocks, byte? adobeTransform, string ids, int repeat = 1)
    {
        using var file = new MemoryStream();
        file.Write([0xFF, 0xD8]);
        if (adobeTransform is { } transform)
        {
            Segment(file, 0xEE, [.. "Adobe"u8, 0, 100, 0, 0, 0, 0, transform]);
        }

        // Every step of quantization is 8: a level of 8x8 equal samples is their distance from 128.
        Segment(file, 0xDB, [0, .. Enumerable.Repeat((byte)8, 64)]);
        var (height, width) = (8 * repeat, 8 * blocks.Length);
        var components = Encoding.ASCII.GetBytes(ids);
        byte[] frame = [8, (byte)(height >> 8), (byte)height, (byte)(width >> 8), (byte)width, (byte)components.Length];
        Segment(file, 0xC0, [.. frame, .. components.SelectMany(id => new byte[] { id, 0x11, 0 })]);

        // Level differences of 0 to 8 bits have codes of four bits; "no further coefficient" is a single 0.
        Segment(file, 0xC4, [0x00, 0, 0, 0, 9, .. new byte[12], 0, 1, 2, 3, 4, 5, 6, 7, 8]);
        Segment(file, 0xC4, [0x10, 1, .. new byte[15], 0]);
        Segment(file, 0xDA, [(byte)components.Length, .. components.SelectMany(id => new byte[] { id, 0 }), 0, 63, 0]);
        file.Write(Scan([.. Enumerable.Repeat(blocks, repeat).SelectMany(row => row)], components.Length));
        file.Write([0xFF, 0xD9]);
        return file.ToArray();
    }

    private static byte[] Scan(byte[][] blocks, int components)
    {
        var bits = new StringBuilder();
        var last = new int[components];
        foreach (var block in blocks)
        {
            for (var c = 0; c < components; c++)
            {
                var level = block[c] - 128;
                var difference = level - last[c];
                last[c] = level;
                var size = difference == 0 ? 0 : (int)Math.Log2(Math.Abs(difference)) + 1;
                bits.Append(Convert.ToString(size, 2).PadLeft(4, '0'));
                var value = difference < 0 ? difference + (1 << size) - 1 : difference;
                bits.Append(size == 0 ? "" : Convert.ToString(value, 2).PadLeft(size, '0')).Append('0');
            }
        }

        var padded = bits.ToString().PadRight((bits.Length + 7) / 8 * 8, '1');
        var bytes = padded.Chunk(8).Select(octet => Convert.ToByte(new string(octet), 2));
        return [.. bytes.SelectMany(octet => octet == 0xFF ? new byte[] { 0xFF, 0 } : [octet])];
    }

    private static void Segment(MemoryStream file, byte marker, byte[] data)
    {
        var length = data.Length + 2;
        file.Write([0xFF, marker, (byte)(length >> 8), (byte)length, .. data]);
    }
}
