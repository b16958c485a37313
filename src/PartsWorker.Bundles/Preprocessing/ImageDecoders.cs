using PartsWorker.Bundles.Preprocessing.TurboJpeg;
using PartsWorker.Bundles.Preprocessing.Vips;

namespace PartsWorker.Bundles.Preprocessing;

/// <summary>The two decoders, by name, and which of them fits a bundle.</summary>
public static class ImageDecoders
{
    public const string LibVips = "libvips";
    public const string ImageSharp = "imagesharp";

    public static IReadOnlyList<string> All { get; } = [LibVips, ImageSharp];

    /// <summary>The decoders that work in this process.</summary>
    public static IReadOnlyList<string> Available => VipsRuntime.IsAvailable ? All : [ImageSharp];

    /// <summary>Whether libjpeg-turbo is installed, which decodes most JPEGs for <see cref="LibVips"/>: the same pixels, sooner.</summary>
    public static bool HasTurboJpeg => TurboJpegNative.IsAvailable;

    /// <summary>
    /// The decoder that costs less CPU time: ImageSharp where every pixel is decoded (1.5 against 1.7 ms for a JPEG of 640x480), libvips
    /// where a JPEG may be decoded at a fraction of its size, which only libvips can (1.2 ms at one half). Measured without libjpeg-turbo:
    /// a bundle should not depend on the machine that exports it.
    /// </summary>
    public static string CheaperFor(DecodeScale scale) => scale != DecodeScale.Full && VipsRuntime.IsAvailable ? LibVips : ImageSharp;

    /// <summary>
    /// The decoder a bundle was made with; ImageSharp, whose JPEG pixels differ a little, where libvips cannot be loaded.
    /// </summary>
    public static IImageDecoder For(PreprocessingRecipe recipe)
    {
        var madeWith = recipe.Decoder ?? LibVips;
        return Create(Available.Contains(madeWith) ? madeWith : ImageSharp);
    }

    /// <exception cref="ArgumentException">Not available here, or not a decoder; one line with the reason.</exception>
    public static IImageDecoder Create(string name) => name switch
    {
        ImageSharp => new ImageSharpDecoder(),
        LibVips => VipsRuntime.Problem is { } problem ? throw new ArgumentException(problem) : new VipsDecoder(HasTurboJpeg),
        _ => throw new ArgumentException($"there is no decoder '{name}'; choose {ImageSharp} or {LibVips}"),
    };
}
