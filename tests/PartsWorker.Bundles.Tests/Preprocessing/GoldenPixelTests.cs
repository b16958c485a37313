using System.Security.Cryptography;
using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Bundles.Tests.Support;

namespace PartsWorker.Bundles.Tests.Preprocessing;

public sealed class GoldenPixelTests
{
    // Mean absolute difference that two correct JPEG decoders may have, over all images and over one: ImageSharp repeats chroma samples
    // where libjpeg interpolates them, which shows most on the small saturated fruits (up to 0.83).
    private const double DecoderTolerance = 0.7;
    private const double DecoderToleranceOfOne = 0.9;

    public static TheoryData<string> Decoders => [.. ImageDecoders.Available];

    [Theory]
    [MemberData(nameof(Decoders))]
    public void Every_golden_image_is_letterboxed_as_recorded(string decoder)
    {
        var reader = ImageDecoders.Create(decoder);
        using var preprocessor = new Preprocessor(reader, GoldenImages.Recipe, new DecodeLimits());
        using var decoded = new DecodedImage();
        var exact = 0;
        var differences = new List<double>();
        foreach (var golden in GoldenImages.All)
        {
            var file = GoldenImages.Read(golden.File);
            var box = new byte[preprocessor.ImageBytes];
            var size = preprocessor.Prepare(file, box);
            Assert.Equal(new ImageSize(golden.DecodedWidth, golden.DecodedHeight), size);

            reader.Decode(file, new DecodeRequest(new DecodeLimits()), decoded);
            if (string.Equals(Hash(decoded.Pixels), golden.DecodedSha256, StringComparison.Ordinal))
            {
                exact++;
                Assert.Equal(golden.LetterboxedSha256, Hash(box));
            }
            else
            {
                differences.Add(MeanDifference(box, Recorded(golden.Letterboxed)));
            }
        }

        Assert.InRange(differences.DefaultIfEmpty().Average(), 0, DecoderTolerance);
        Assert.InRange(differences.DefaultIfEmpty().Max(), 0, DecoderToleranceOfOne);

        Assert.True(exact >= LosslessGoldenImages, $"only {exact} of {GoldenImages.All.Count} decode to the recorded pixels");
    }

    // The two PNG files; every decoder must read them exactly.
    private const int LosslessGoldenImages = 2;

    [Theory]
    [MemberData(nameof(Decoders))]
    public void Recorded_letterboxed_pixels_pass_the_resizer_unchanged(string decoder)
    {
        using var preprocessor = new Preprocessor(ImageDecoders.Create(decoder), GoldenImages.Recipe, new DecodeLimits());
        foreach (var golden in GoldenImages.All)
        {
            var box = new byte[preprocessor.ImageBytes];
            preprocessor.Prepare(GoldenImages.Read(golden.Letterboxed), box);
            Assert.Equal(golden.LetterboxedSha256, Hash(box));
        }
    }

    private static byte[] Recorded(string file)
    {
        using var image = new DecodedImage();
        ImageDecoders.Create().Decode(GoldenImages.Read(file), new DecodeRequest(new DecodeLimits()), image);
        return image.Pixels.ToArray();
    }

    private static double MeanDifference(byte[] a, byte[] b) => a.Zip(b, (x, y) => Math.Abs(x - y)).Average();

    private static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
