using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Bundles.Tests.Support;

namespace PartsWorker.Bundles.Tests.Preprocessing;

/// <summary>JPEGs of unusual colors, and files that hold more than one image: both decoders agree.</summary>
public sealed class OddJpegTests
{
    // Orange, RGB (255, 128, 0) and its neighbor teal, as each color model stores them.
    private static readonly byte[] Orange = [255, 128, 0];
    private static readonly byte[] Teal = [0, 128, 128];

    // CMYK is stored inverted: 255 is no ink. YCCK is the YCbCr of the complement.

    public static TheoryData<string, byte[]> Colors => new()
    {
        { "CMYK with an Adobe marker", TestJpeg.Write([[255, 128, 0, 255], [0, 255, 255, 128]], 0, "CMYK") },
        { "CMYK without", TestJpeg.Write([[255, 128, 0, 255], [0, 255, 255, 128]], null, "CMYK") },
        { "YCCK", TestJpeg.Write([[.. YCbCr([0, 127, 255]), 255], [.. YCbCr([255, 0, 0]), 128]], 2, "\x1\x2\x3\x4") },
        { "YCbCr without a marker", TestJpeg.Write([YCbCr(Orange), YCbCr(Teal)], null, "\x1\x2\x3") },
        { "YCbCr with an Adobe marker", TestJpeg.Write([YCbCr(Orange), YCbCr(Teal)], 1, "\x1\x2\x3") },
        { "RGB with an Adobe marker", TestJpeg.Write([Orange, Teal], 0, "RGB") },
        { "RGB by its component ids", TestJpeg.Write([Orange, Teal], null, "RGB") },
    };

    [Theory]
    [MemberData(nameof(Colors))]
    public void Each_color_model_gives_the_same_colors(string model, byte[] file)
    {
        foreach (var decoder in ImageDecoders.All)
        {
            var pixels = Decoders.Decode(decoder, file);
            var (left, right) = (pixels[9..12], pixels[^12..^9]);
            var away = Orange.Zip(left, (a, b) => Math.Abs(a - b)).Concat(Teal.Zip(right, (a, b) => Math.Abs(a - b))).Max();
            Assert.True(away <= 3, $"{model}, {decoder}: {string.Join(' ', left)} and {string.Join(' ', right)}");
        }
    }

    [Fact]
    public void A_jpeg_that_another_one_half_overwrote_is_damaged()
    {
        var (first, second) = (Noise(1), Noise(2));
        AssertRefused([.. first[..(first.Length / 2)], .. second], "damaged JPEG: another image begins inside it");
        AssertRefused([.. first[..(first.Length / 2)], .. second[..(second.Length / 2)], 0xFF, 0xD9], "another image begins inside it");
        var photo = GoldenImages.Read(GoldenImages.All[0].File);
        AssertRefused([.. photo[..(photo.Length / 2)], .. photo], "another image begins inside it");
    }

    [Fact]
    public void What_follows_the_end_does_not_matter()
    {
        var file = Noise(1);
        byte[][] tails = [new byte[5000], [0xFF, 0xFF], "trailer of the camera"u8.ToArray(), Noise(2), [0xFF, 0xD8, 0xFF], [0xFF, 0xD9]];
        foreach (var decoder in ImageDecoders.All)
        {
            var expected = Decoders.Decode(decoder, file);
            Assert.All(tails, tail => Assert.Equal(expected, Decoders.Decode(decoder, [.. file, .. tail])));
        }
    }

    [Fact]
    public void A_jpeg_whose_only_end_is_that_of_its_thumbnail_is_truncated()
    {
        byte[] thumbnail = [0xFF, 0xE2, 0, 6, 0xFF, 0xD8, 0xFF, 0xD9];
        var file = Noise(1);
        AssertRefused([.. file[..2], .. thumbnail, .. file[2..^2]], "truncated JPEG: its end is missing");
    }

    private static void AssertRefused(byte[] file, string because)
    {
        foreach (var decoder in ImageDecoders.All)
        {
            var error = Assert.Throws<UnreadableImageException>(() => Decoders.Decode(decoder, file));
            Assert.Contains(because, error.Message, StringComparison.Ordinal);
        }
    }

    private static byte[] Noise(int seed)
    {
        var random = new Random(seed);
        var blocks = Enumerable.Range(0, 8).Select(_ =>
        {
            var color = new byte[3];
            random.NextBytes(color);
            return color;
        });
        return TestJpeg.Write([.. blocks], null, "\x1\x2\x3", repeat: 8);
    }

    private static byte[] YCbCr(byte[] rgb) =>
    [
        Level((0.299 * rgb[0]) + (0.587 * rgb[1]) + (0.114 * rgb[2])),
        Level(128 - (0.168736 * rgb[0]) - (0.331264 * rgb[1]) + (0.5 * rgb[2])),
        Level(128 + (0.5 * rgb[0]) - (0.418688 * rgb[1]) - (0.081312 * rgb[2])),
    ];

    private static byte Level(double value) => (byte)Math.Clamp(Math.Round(value), 0, 255);
}
