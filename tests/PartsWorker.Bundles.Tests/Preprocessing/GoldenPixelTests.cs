using System.Security.Cryptography;
using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Bundles.Tests.Support;

namespace PartsWorker.Bundles.Tests.Preprocessing;

/// <summary>
/// The golden images were decoded by libjpeg-turbo and resized by Pillow. The resizer must match it exactly, a decoder by its rule.
/// </summary>
public sealed class GoldenPixelTests
{
    // libvips is built on libjpeg-turbo, so every pixel must be equal. ImageSharp must be equal on PNG only: it repeats chroma samples
    // where libjpeg-turbo interpolates them, and its inverse transform rounds differently (by one level, see DecoderAgreementTests). That
    // shows most on small saturated fruits: mean absolute difference after letterboxing, over all JPEGs and on one.
    private const double ImageSharpMean = 0.7;
    private const double ImageSharpMeanOfOne = 0.9;

    public static TheoryData<string> Decoders => Support.Decoders.Both;

    [Theory]
    [MemberData(nameof(Decoders))]
    public void Every_golden_image_is_letterboxed_as_recorded(string decoder)
    {
        using var preprocessor = new Preprocessor(ImageDecoders.Create(decoder), GoldenImages.Recipe, new DecodeLimits());
        var differences = new List<double>();
        foreach (var golden in GoldenImages.All)
        {
            var file = GoldenImages.Read(golden.File);
            var box = new byte[preprocessor.ImageBytes];
            Assert.Equal(new ImageSize(golden.DecodedWidth, golden.DecodedHeight), preprocessor.Prepare(file, box));

            if (Support.Decoders.IsLibVips(decoder) || golden.File.EndsWith(".png", StringComparison.Ordinal))
            {
                Assert.Equal(golden.DecodedSha256, Hash(Support.Decoders.Decode(decoder, file)));
                Assert.Equal(golden.LetterboxedSha256, Hash(box));
            }
            else
            {
                differences.Add(MeanDifference(box, Support.Decoders.Decode(decoder, GoldenImages.Read(golden.Letterboxed))));
            }
        }

        Assert.InRange(differences.DefaultIfEmpty().Average(), 0, ImageSharpMean);
        Assert.InRange(differences.DefaultIfEmpty().Max(), 0, ImageSharpMeanOfOne);
    }

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

    private static double MeanDifference(byte[] a, byte[] b) => a.Zip(b, (x, y) => Math.Abs(x - y)).Average();

    private static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
