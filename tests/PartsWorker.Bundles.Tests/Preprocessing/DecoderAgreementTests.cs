using FsCheck;
using FsCheck.Fluent;
using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Bundles.Tests.Support;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.PixelFormats;

namespace PartsWorker.Bundles.Tests.Preprocessing;

/// <summary>How far apart the two decoders may be, on random images: nothing for PNG, and for JPEG what the standard leaves open.</summary>
public sealed class DecoderAgreementTests
{
    // Both inverse transforms are within one level of the exact one, and each rounds for itself: one level apart on gray.
    private const int GrayLevels = 1;

    // One level of Cb moves blue by 1.772, one of luma by 1: three levels after rounding. Chroma that is not subsampled needs no more.
    private const int ColorLevels = 3;

    private static readonly Gen<byte[]> Noise =
        from width in Gen.Choose(1, 40)
        from height in Gen.Choose(1, 40)
        from rgb in Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf(width * height * 3)
        select (byte[])[(byte)width, (byte)height, .. rgb];

    [Fact]
    public void A_png_decodes_to_the_pixels_that_were_written() => Check(PngOf, 0, exact: true);

    [Fact]
    public void Gray_jpegs_are_one_level_apart_at_most() => Check(image => JpegOf(image, JpegColorType.Luminance), GrayLevels);

    [Fact]
    public void Color_jpegs_with_full_chroma_are_three_levels_apart_at_most() =>
        Check(image => JpegOf(image, JpegColorType.YCbCrRatio444), ColorLevels);

    private static void Check(Func<byte[], byte[]> write, int levels, bool exact = false) =>
        Prop.ForAll(Noise.ToArbitrary(), image =>
        {
            var file = write(image);
            var (a, b) = (Decoders.Decode(ImageDecoders.LibVips, file), Decoders.Decode(ImageDecoders.ImageSharp, file));
            Assert.InRange(a.Zip(b, (x, y) => Math.Abs(x - y)).Max(), 0, levels);
            Assert.True(!exact || a.AsSpan().SequenceEqual(image.AsSpan(2)));
        }).QuickCheckThrowOnFailure();

    private static byte[] PngOf(byte[] image) => PngFile.Encode(image.AsSpan(2), new ImageSize(image[0], image[1]));

    private static byte[] JpegOf(byte[] image, JpegColorType color)
    {
        using var pixels = Image.LoadPixelData<Rgb24>(image.AsSpan(2), image[0], image[1]);
        using var file = new MemoryStream();
        pixels.SaveAsJpeg(file, new JpegEncoder { Quality = 90, ColorType = color });
        return file.ToArray();
    }
}
