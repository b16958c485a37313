using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Bundles.Preprocessing.TurboJpeg;
using PartsWorker.Bundles.Preprocessing.Vips;
using PartsWorker.Bundles.Tests.Support;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.PixelFormats;

namespace PartsWorker.Bundles.Tests.Preprocessing;

/// <summary>libjpeg-turbo may only be faster than libvips: pixels, sizes and refusals are those of libvips.</summary>
public sealed class TurboJpegTests : IDisposable
{
    private static readonly string[] Photos =
        [.. GoldenImages.All.Select(image => image.File).Where(file => file.EndsWith(".jpg", StringComparison.Ordinal))];

    private static readonly DecodeRequest[] Requests =
        [.. new[] { 0, 60, 30, 15 }.Select(reserve => new DecodeRequest(new DecodeLimits { MaxPixels = 4_000_000 }, reserve))];

    private readonly VipsDecoder _vips;
    private readonly VipsDecoder _turbo;
    private readonly DecodedImage _expected = new();
    private readonly DecodedImage _actual = new();

    public TurboJpegTests()
    {
        // Starts libvips, which a decoder made directly does not.
        Assert.Contains(ImageDecoders.LibVips, ImageDecoders.Available);
        (_vips, _turbo) = (new VipsDecoder(turboJpeg: false), new VipsDecoder(turboJpeg: true));
    }

    public void Dispose()
    {
        _expected.Dispose();
        _actual.Dispose();
    }

    [TurboJpegFact]
    public void Every_photo_has_the_same_pixels_at_every_scale()
    {
        // CMYK is multiplied out by our own code.
        var fast = Photos.Where(photo => !photo.Contains("cmyk", StringComparison.Ordinal));
        Assert.All(fast, photo => AssertFast(GoldenImages.Read(photo)));
        Assert.All(Photos.Except(fast), photo => Assert.True(AssertSame(GoldenImages.Read(photo))));
    }

    [TurboJpegFact]
    public void Every_kind_of_color_and_subsampling_has_the_same_pixels()
    {
        using var image = Image.LoadPixelData<Rgb24>(Gradient(97, 61), 97, 61);
        foreach (var color in Enum.GetValues<JpegColorType>().Where(color => color != JpegColorType.Cmyk))
        {
            using var file = new MemoryStream();
            image.SaveAsJpeg(file, new JpegEncoder { Quality = 90, ColorType = color });
            AssertFast(file.ToArray());
        }
    }

    [TurboJpegFact]
    public void Sides_that_no_shrink_factor_divides_are_rounded_like_those_of_libvips()
    {
        for (var side = 1; side <= 41; side++)
        {
            AssertFast(JpegFile.Encode(Gradient(side, 42 - side), new(side, 42 - side), 90));
        }
    }

    [TurboJpegFact]
    public void Damaged_photos_are_refused_in_the_words_of_libvips_or_have_its_pixels()
    {
        var (random, refused) = (new Random(20261201), 0);
        for (var i = 0; i < 600; i++)
        {
            refused += AssertSame(BrokenFiles.Damage(GoldenImages.Read(Photos[i % Photos.Length]), random)) ? 0 : 1;
        }

        Assert.InRange(refused, 100, 500);
    }

    [TurboJpegFact]
    public void It_decodes_sequential_photos_and_leaves_progressive_and_damaged_ones_to_libvips()
    {
        var (baseline, progressive) = (GoldenImages.Read("blocks/baseline.jpg"), GoldenImages.Read("blocks/progressive.jpg"));
        Assert.True(Decodes(baseline));
        Assert.False(Decodes(progressive));
        Assert.False(Decodes([.. baseline[..^100], 0xFF, 0xD9]));
        Assert.False(Decodes(GoldenImages.Read("blocks/interlaced.png")));
    }

    private bool Decodes(byte[] file) => TurboJpegReader.TryDecode(file, ImageHeader.Read(file), 1, _actual);

    private void AssertFast(byte[] file)
    {
        var header = ImageHeader.Read(file);
        Assert.All(Requests, request => Assert.True(TurboJpegReader.TryDecode(file, header, request.ShrinkFor(header.Size), _actual)));
        Assert.True(AssertSame(file));
    }

    /// <returns>Whether the file was accepted.</returns>
    private bool AssertSame(byte[] file)
    {
        var accepted = true;
        foreach (var request in Requests)
        {
            var expected = Decoders.Refusal(() => _vips.Decode(file, request, _expected));
            var actual = Decoders.Refusal(() => _turbo.Decode(file, request, _actual));
            Assert.Equal(expected, actual);
            accepted &= expected is null;
            if (expected is null)
            {
                Assert.Equal((_expected.Size, _expected.OriginalSize), (_actual.Size, _actual.OriginalSize));
                Assert.True(_expected.Pixels.SequenceEqual(_actual.Pixels), $"{_expected.OriginalSize} at {_expected.Size}: other pixels");
            }
        }

        return accepted;
    }

    private static byte[] Gradient(int width, int height) =>
        [.. Enumerable.Range(0, width * height * 3).Select(i => (byte)((i * 7) + (i / (width * 3) * 11)))];
}
