namespace PartsWorker.Bundles.Preprocessing;

/// <summary>
/// Writes rows of 16-bit samples as RGB24 by a <see cref="SixteenBitRule"/>, without holding the samples: when a row needs more bits than
/// those before it, what is already written is shifted down. Dropping low bits twice drops the same bits as dropping them once.
/// </summary>
internal ref struct DeepSamples(SixteenBitRule rule, DecodedImage into)
{
    private const int ByteBits = 8;
    private int _depth = rule.Depth == 0 ? ByteBits : rule.Depth;

    /// <param name="source">Samples of whole rows.</param>
    /// <param name="bands">Samples per pixel.</param>
    /// <param name="colors">1 for gray, 3 for RGB; the samples of a pixel after these are alpha, and dropped.</param>
    /// <param name="rgb">The pixels of these rows in the image.</param>
    public void Write(ReadOnlySpan<ushort> source, int bands, int colors, Span<byte> rgb)
    {
        Fit(Largest(source, bands, colors));
        var shift = _depth - ByteBits;
        var (green, blue) = colors == 1 ? (0, 0) : (1, 2);
        for (int x = 0, at = 0; x < rgb.Length; x += 3, at += bands)
        {
            rgb[x] = (byte)(source[at] >> shift);
            rgb[x + 1] = (byte)(source[at + green] >> shift);
            rgb[x + 2] = (byte)(source[at + blue] >> shift);
        }
    }

    /// <summary>Writes one channel of a row that is stored apart from the others.</summary>
    public void WriteChannel(ReadOnlySpan<ushort> source, Span<byte> rgb, int channel)
    {
        Fit(Largest(source, 1, 1));
        var shift = _depth - ByteBits;
        for (int x = channel, at = 0; x < rgb.Length; x += 3, at++)
        {
            rgb[x] = (byte)(source[at] >> shift);
        }
    }

    /// <summary>Call after the last row.</summary>
    /// <exception cref="UnreadableImageException">The rule refuses a file that does not use its 16 bits.</exception>
    public readonly void Finish()
    {
        if (string.Equals(rule.Name, SixteenBitRule.Refuse, StringComparison.Ordinal) && _depth < 16)
        {
            throw new UnreadableImageException(
                $"16-bit image whose samples need {_depth} bits at most, and Decode:SixteenBit=refuse; name the depth of the camera there, "
                + "or 'range'");
        }
    }

    private static ushort Largest(ReadOnlySpan<ushort> source, int bands, int colors)
    {
        ushort largest = 0;
        for (var at = 0; at < source.Length; at += bands)
        {
            for (var i = 0; i < colors; i++)
            {
                largest = Math.Max(largest, source[at + i]);
            }
        }

        return largest;
    }

    private void Fit(ushort largest)
    {
        if (largest >> _depth == 0)
        {
            return;
        }

        if (rule.Depth != 0)
        {
            throw new UnreadableImageException(
                $"16-bit image with the sample {largest}, which does not fit {rule.Depth} bits (Decode:SixteenBit={rule.Name}); "
                + "name another depth there, or 'range'");
        }

        var before = _depth;
        while (largest >> _depth != 0)
        {
            _depth += 2;
        }

        foreach (ref var sample in into.Pixels)
        {
            sample = (byte)(sample >> (_depth - before));
        }
    }
}
