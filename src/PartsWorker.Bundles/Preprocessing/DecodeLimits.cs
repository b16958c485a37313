using System.ComponentModel.DataAnnotations;

namespace PartsWorker.Bundles.Preprocessing;

/// <summary>Limits of a single image. Checked against the header, before any pixel is decoded.</summary>
public sealed class DecodeLimits
{
    /// <summary>Largest encoded file in bytes; default 32 MiB, range 1 KiB..1 GiB: far above any camera frame.
    /// The worker sets it from <c>Images:MaxBytes</c>.</summary>
    [Range(1024, 1 << 30)]
    public int MaxBytes { get; set; } = 32 * 1024 * 1024;

    /// <summary>
    /// Most pixels of an image that decodes line by line, 1..715 million, because a buffer holds at most 2 GB; default 64 million: 192 MB
    /// decoded.
    /// </summary>
    [Range(1, 715_000_000)]
    public long MaxPixels { get; set; } = 64_000_000;

    /// <summary>
    /// Most pixels of an image that must be held whole in its decoder (progressive JPEG, interlaced PNG, WebP); default 24 million,
    /// range 1..1 billion: such decoders hold up to 8 bytes per pixel beside the result.
    /// </summary>
    [Range(1, 1_000_000_000)]
    public long MaxWholeFramePixels { get; set; } = 24_000_000;

    /// <summary>
    /// How samples of 16 bits become 8 bits: <c>range</c>, <c>full</c>, <c>refuse</c> or a depth from 8 to 16, see
    /// <see cref="SixteenBitRule"/>. Null, the default, leaves it to the bundle, and that to <c>range</c>.
    /// </summary>
    [RegularExpression(SixteenBitRule.Pattern, ErrorMessage = "SixteenBit must be range, full, refuse or a depth from 8 to 16")]
    public string? SixteenBit { get; set; }

    /// <summary>Whether images that are nearly black, nearly white, of one color or blurred are never accepted; default true.</summary>
    public bool QualityGate { get; set; } = true;
}
