using PartsWorker.Bundles.Preprocessing;

namespace PartsWorker.Bundles.Bundle;

/// <summary>
/// When an image is too bad to be classified with confidence. Such an image is never accepted. A bundle without thresholds gets the
/// defaults.
/// </summary>
public sealed record QualityThresholds
{
    public const string Dark = "nearly black";
    public const string Bright = "nearly white";
    public const string Flat = "one color";
    public const string Blurred = "blurred";

    /// <summary>
    /// An eighth of the gray levels, and half the sharpness of the least sharp of 4,670 photos and 48 rendered images: they hold back none
    /// of these.
    /// </summary>
    public static QualityThresholds Default { get; } = new();

    /// <summary>Accepts every image.</summary>
    public static QualityThresholds Off { get; } = new() { Brightest = 0, Darkest = 255, Range = 0, Sharpness = 0 };

    /// <summary>Lowest <see cref="ImageQuality.Brightest"/>, 0..255.</summary>
    public int Brightest { get; init; } = 32;

    /// <summary>Highest <see cref="ImageQuality.Darkest"/>, 0..255.</summary>
    public int Darkest { get; init; } = 224;

    /// <summary>Lowest difference of brightest and darkest, 0..255.</summary>
    public int Range { get; init; } = 32;

    /// <summary>Lowest <see cref="ImageQuality.Sharpness"/>, 0..1020.</summary>
    public int Sharpness { get; init; } = 8;

    /// <returns>One of the constants; null for a good image.</returns>
    public string? FaultOf(ImageQuality image) =>
        image.Brightest < Brightest ? Dark
        : image.Darkest > Darkest ? Bright
        : image.Brightest - image.Darkest < Range ? Flat
        : image.Sharpness < Sharpness ? Blurred
        : null;

    /// <summary>
    /// Thresholds that hold back at most 1 % of good images: the defaults, made looser where good images need it, and a sharpness three
    /// quarters of that of the least sharp good images.
    /// </summary>
    /// <param name="good">Images that the bundle shall accept; without any, the defaults.</param>
    public static QualityThresholds Fit(IReadOnlyCollection<ImageQuality> good)
    {
        if (good.Count == 0)
        {
            return Default;
        }

        // Four tests share the 1 %.
        int Lowest(Func<ImageQuality, int> of) => good.Select(of).Order().ElementAt((int)(good.Count * 0.0025));
        return new()
        {
            Brightest = Math.Min(Default.Brightest, Lowest(q => q.Brightest)),
            Darkest = Math.Max(Default.Darkest, -Lowest(q => -q.Darkest)),
            Range = Math.Min(Default.Range, Lowest(q => q.Brightest - q.Darkest)),
            Sharpness = Lowest(q => q.Sharpness) * 3 / 4,
        };
    }
}
