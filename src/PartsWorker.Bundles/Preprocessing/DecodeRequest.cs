namespace PartsWorker.Bundles.Preprocessing;

/// <summary>What a decoder may do: its limits, and the shortest that the longer side may become (0 = decode every pixel).</summary>
public sealed record DecodeRequest(DecodeLimits Limits, int ReserveSide = 0)
{
    /// <summary>How samples of 16 bits become 8 bits.</summary>
    public SixteenBitRule SixteenBit { get; init; } = SixteenBitRule.Default;

    /// <summary>
    /// The largest JPEG shrink factor (1, 2, 4, 8) that leaves the longer side at <see cref="ReserveSide"/> or more, and at least a pixel
    /// of the other.
    /// </summary>
    internal int ShrinkFor(ImageSize size)
    {
        var (longer, shorter) = (Math.Max(size.Width, size.Height), Math.Min(size.Width, size.Height));
        var shrink = 1;
        while (ReserveSide > 0 && shrink < 8 && longer / (shrink * 2) >= ReserveSide && shorter >= shrink * 2)
        {
            shrink *= 2;
        }

        return shrink;
    }
}
