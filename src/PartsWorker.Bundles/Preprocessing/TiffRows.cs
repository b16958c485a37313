using System.Runtime.InteropServices;

namespace PartsWorker.Bundles.Preprocessing;

/// <summary>Turns rows of TIFF samples into RGB24.</summary>
internal ref struct TiffRows(TiffLayout layout, SixteenBitRule rule, DecodedImage into)
{
    // Packed samples of 9 to 15 bits declare their depth; only 16 bits leave it open.
    private readonly ushort[] _samples = new ushort[into.Width * layout.Bands];
    private DeepSamples _deep = new(layout.Bits == 16 ? rule : SixteenBitRule.Parse(layout.Bits > 8 ? $"{layout.Bits}" : null), into);

    /// <param name="row">Bytes of the row, samples of 16 bits in the order of this machine.</param>
    /// <param name="left">First pixel in the image.</param>
    /// <param name="width">Pixels to take.</param>
    /// <param name="y">Row of the image.</param>
    /// <param name="plane">Which color, where each is stored apart.</param>
    public void Write(ReadOnlySpan<byte> row, int left, int width, int y, int plane)
    {
        var rgb = into.Row(y).Slice(left * 3, width * 3);
        var samples = Samples(row, width * layout.Bands);
        if (layout.Palette is { } palette)
        {
            FromPalette(samples, palette, rgb);
        }
        else if (layout.Planes > 1)
        {
            _deep.WriteChannel(samples, rgb, plane);
        }
        else
        {
            _deep.Write(samples, layout.Bands, layout.Colors, rgb);
        }
    }

    /// <summary>Call after the last row.</summary>
    public readonly void Finish()
    {
        _deep.Finish();
        if (!layout.Inverted)
        {
            return;
        }

        foreach (ref var sample in into.Pixels)
        {
            sample = (byte)~sample;
        }
    }

    private readonly ReadOnlySpan<ushort> Samples(ReadOnlySpan<byte> row, int count)
    {
        if (layout.Bits == 16)
        {
            return MemoryMarshal.Cast<byte, ushort>(row)[..count];
        }

        var white = layout.Palette is null && layout.Bits < 8 ? (1 << layout.Bits) - 1 : 0;
        for (int i = 0, at = 0; i < count; i++, at += layout.Bits)
        {
            var value = Bits(row, at, layout.Bits);
            _samples[i] = (ushort)(white == 0 ? value : value * 255 / white);
        }

        return _samples.AsSpan(0, count);
    }

    private static int Bits(ReadOnlySpan<byte> row, int at, int bits)
    {
        if (bits == 8)
        {
            return row[at / 8];
        }

        var value = 0;
        for (var i = at; i < at + bits; i++)
        {
            value = (value << 1) | ((row[i / 8] >> (7 - (i % 8))) & 1);
        }

        return value;
    }

    private static void FromPalette(ReadOnlySpan<ushort> samples, ushort[][] palette, Span<byte> rgb)
    {
        for (int x = 0, at = 0; x < rgb.Length; x += 3, at++)
        {
            for (var i = 0; i < 3; i++)
            {
                rgb[x + i] = (byte)(palette[i][samples[at]] >> 8);
            }
        }
    }
}
