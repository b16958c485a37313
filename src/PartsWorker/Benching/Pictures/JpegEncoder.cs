namespace PartsWorker.Benching;

/// <summary>
/// A baseline JPEG encoder with 4:2:0 chroma, as cameras write them: small and the same on every machine, because the decoders at hand have no
/// encoder in common. Sides must be multiples of 16.
/// </summary>
internal sealed class JpegEncoder : IDisposable
{
    private static readonly (ushort, byte)[] LuminanceDc = HuffmanWriter.Codes(JpegTables.LuminanceDc);
    private static readonly (ushort, byte)[] LuminanceAc = HuffmanWriter.Codes(JpegTables.LuminanceAc);
    private static readonly (ushort, byte)[] ChrominanceDc = HuffmanWriter.Codes(JpegTables.ChrominanceDc);
    private static readonly (ushort, byte)[] ChrominanceAc = HuffmanWriter.Codes(JpegTables.ChrominanceAc);
    private static readonly float[] Cosine = [.. Enumerable.Range(0, 64).Select(i => (float)((i / 8 == 0 ? Math.Sqrt(0.125) : 0.5) * Math.Cos(((2 * (i % 8)) + 1) * (i / 8) * Math.PI / 16)))];
    private readonly MemoryStream _file = new();
    private readonly HuffmanWriter _bits;
    private readonly byte[] _luminance;
    private readonly byte[] _chrominance;

    private JpegEncoder(int quality)
    {
        _bits = new HuffmanWriter(_file);
        _luminance = Scaled(JpegTables.Luminance, quality);
        _chrominance = Scaled(JpegTables.Chrominance, quality);
    }

    /// <param name="rgb">Rows of RGB.</param>
    /// <param name="width">A multiple of 16.</param>
    /// <param name="height">A multiple of 16.</param>
    /// <param name="quality">50..100.</param>
    public static byte[] Encode(ReadOnlySpan<byte> rgb, int width, int height, int quality)
    {
        using var encoder = new JpegEncoder(quality);
        encoder.Header(width, height);
        encoder.Scan(rgb, width, height);
        return encoder._file.ToArray();
    }

    public void Dispose() => _file.Dispose();

    private static byte[] Scaled(ReadOnlySpan<byte> table, int quality)
    {
        var scaled = new byte[64];
        for (var i = 0; i < 64; i++)
        {
            scaled[i] = (byte)Math.Clamp(((table[i] * (200 - (2 * quality))) + 50) / 100, 1, 255);
        }

        return scaled;
    }

    private void Header(int width, int height)
    {
        _file.Write([0xFF, 0xD8]);
        Segment(0xE0, "JFIF\0"u8, [1, 1, 0, 0, 1, 0, 1, 0, 0]);
        Segment(0xDB, [0], ZigZag(_luminance));
        Segment(0xDB, [1], ZigZag(_chrominance));
        Segment(0xC0, [8, (byte)(height >> 8), (byte)height, (byte)(width >> 8), (byte)width, 3], [1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1]);
        Segment(0xC4, [0x00], JpegTables.LuminanceDc);
        Segment(0xC4, [0x10], JpegTables.LuminanceAc);
        Segment(0xC4, [0x01], JpegTables.ChrominanceDc);
        Segment(0xC4, [0x11], JpegTables.ChrominanceAc);
        Segment(0xDA, [3], [1, 0x00, 2, 0x11, 3, 0x11, 0, 63, 0]);
    }

    private void Segment(byte marker, ReadOnlySpan<byte> head, ReadOnlySpan<byte> rest)
    {
        var length = 2 + head.Length + rest.Length;
        _file.Write([0xFF, marker, (byte)(length >> 8), (byte)length]);
        _file.Write(head);
        _file.Write(rest);
    }

    private static byte[] ZigZag(byte[] table) => [.. JpegTables.ZigZag.ToArray().Select(i => table[i])];

    private void Scan(ReadOnlySpan<byte> rgb, int width, int height)
    {
        var before = new int[3];
        var block = new float[64];
        for (var y = 0; y < height; y += 16)
        {
            for (var x = 0; x < width; x += 16)
            {
                for (var part = 0; part < 4; part++)
                {
                    Luma(rgb, width, x + (part % 2 * 8), y + (part / 2 * 8), block);
                    Write(block, _luminance, LuminanceDc, LuminanceAc, ref before[0]);
                }

                for (var channel = 1; channel <= 2; channel++)
                {
                    Chroma(rgb, width, x, y, channel == 1 ? (-0.168736f, -0.331264f, 0.5f) : (0.5f, -0.418688f, -0.081312f), block);
                    Write(block, _chrominance, ChrominanceDc, ChrominanceAc, ref before[channel]);
                }
            }
        }

        _bits.Flush();
        _file.Write([0xFF, 0xD9]);
    }

    private static void Luma(ReadOnlySpan<byte> rgb, int width, int left, int top, float[] block)
    {
        for (var i = 0; i < 64; i++)
        {
            var at = (((top + (i / 8)) * width) + left + (i % 8)) * 3;
            block[i] = (0.299f * rgb[at]) + (0.587f * rgb[at + 1]) + (0.114f * rgb[at + 2]) - 128;
        }
    }

    private static void Chroma(ReadOnlySpan<byte> rgb, int width, int left, int top, (float R, float G, float B) weight, float[] block)
    {
        for (var i = 0; i < 64; i++)
        {
            var sum = 0f;
            for (var k = 0; k < 4; k++)
            {
                var at = (((top + (i / 8 * 2) + (k / 2)) * width) + left + (i % 8 * 2) + (k % 2)) * 3;
                sum += (weight.R * rgb[at]) + (weight.G * rgb[at + 1]) + (weight.B * rgb[at + 2]);
            }

            block[i] = sum / 4;
        }
    }

    private void Write(float[] block, byte[] quantizer, (ushort, byte)[] dc, (ushort, byte)[] ac, ref int before)
    {
        Span<int> levels = stackalloc int[64];
        Transform(block, quantizer, levels);
        var size = SizeOf(levels[0] - before);
        _bits.Write(dc[size]);
        _bits.WriteNumber(levels[0] - before, size);
        before = levels[0];
        var zeros = 0;
        for (var i = 1; i < 64; i++)
        {
            if (levels[i] == 0)
            {
                zeros++;
                continue;
            }

            for (; zeros > 15; zeros -= 16)
            {
                _bits.Write(ac[0xF0]);
            }

            size = SizeOf(levels[i]);
            _bits.Write(ac[(zeros << 4) | size]);
            _bits.WriteNumber(levels[i], size);
            zeros = 0;
        }

        if (zeros > 0)
        {
            _bits.Write(ac[0]);
        }
    }

    /// <summary>Discrete cosine transform by rows and columns, quantized, in zigzag order.</summary>
    private static void Transform(float[] block, byte[] quantizer, Span<int> levels)
    {
        Span<float> rows = stackalloc float[64];
        for (var i = 0; i < 64; i++)
        {
            var sum = 0f;
            for (var k = 0; k < 8; k++)
            {
                sum += Cosine[(i % 8 * 8) + k] * block[(i / 8 * 8) + k];
            }

            rows[i] = sum;
        }

        for (var z = 0; z < 64; z++)
        {
            var at = JpegTables.ZigZag[z];
            var sum = 0f;
            for (var k = 0; k < 8; k++)
            {
                sum += Cosine[(at / 8 * 8) + k] * rows[(k * 8) + (at % 8)];
            }

            levels[z] = (int)MathF.Round(sum / quantizer[at]);
        }
    }

    private static int SizeOf(int value) => 32 - int.LeadingZeroCount(Math.Abs(value));
}
