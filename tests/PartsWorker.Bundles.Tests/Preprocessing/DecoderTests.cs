using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Bundles.Tests.Support;

namespace PartsWorker.Bundles.Tests.Preprocessing;

public sealed class DecoderTests
{
    public static TheoryData<string> Decoders => Support.Decoders.Both;

    [Theory]
    [MemberData(nameof(Decoders))]
    public void Gray_is_repeated_in_all_three_channels(string decoder) =>
        Assert.Equal([10, 10, 10, 200, 200, 200], Decode(decoder, TestPng.Write(2, 1, 8, TestPng.Gray, [10, 200])));

    [Theory]
    [MemberData(nameof(Decoders))]
    public void Alpha_is_dropped_and_the_hidden_color_kept(string decoder)
    {
        Assert.Equal([1, 2, 3, 4, 5, 6], Decode(decoder, TestPng.Write(2, 1, 8, TestPng.Rgba, [1, 2, 3, 0, 4, 5, 6, 128])));
        Assert.Equal([9, 9, 9, 8, 8, 8], Decode(decoder, TestPng.Write(2, 1, 8, TestPng.GrayAlpha, [9, 0, 8, 255])));
    }

    [Theory]
    [MemberData(nameof(Decoders))]
    public void Palettes_are_looked_up(string decoder) =>
        Assert.Equal([7, 8, 9, 1, 2, 3], Decode(decoder, TestPng.Write(2, 1, 8, TestPng.Palette, [1, 0], [1, 2, 3, 7, 8, 9])));

    [Theory]
    [MemberData(nameof(Decoders))]
    public void Sixteen_bits_become_eight(string decoder)
    {
        Assert.Equal([0x12, 0x34, 0x56], Decode(decoder, TestPng.Write(1, 1, 16, TestPng.Rgb, [0x12, 0x12, 0x34, 0x34, 0x56, 0x56])));
        Assert.Equal([0xAB, 0xAB, 0xAB], Decode(decoder, TestPng.Write(1, 1, 16, TestPng.Gray, [0xAB, 0xAB])));
    }

    [Theory]
    [MemberData(nameof(Decoders))]
    public void Bmp_is_read_bottom_up_top_down_and_through_a_palette(string decoder)
    {
        byte[] bottomUp = [4, 5, 6, 0, 1, 2, 3, 0];
        Assert.Equal([3, 2, 1, 6, 5, 4], Decode(decoder, TestBmp.Write(1, 2, 24, bottomUp)));
        Assert.Equal([6, 5, 4, 3, 2, 1], Decode(decoder, TestBmp.Write(1, -2, 24, bottomUp)));
        Assert.Equal([6, 5, 4, 3, 2, 1], Decode(decoder, TestBmp.Write(1, -2, 32, bottomUp)));
        Assert.Equal([30, 20, 10], Decode(decoder, TestBmp.Write(1, 1, 8, [1, 0, 0, 0], [0, 0, 0, 0, 10, 20, 30, 0])));
    }

    public static TheoryData<string, DecodeScale> ScaledDecoders
    {
        get
        {
            var data = new TheoryData<string, DecodeScale>();
            foreach (var decoder in ImageDecoders.All)
            {
                data.Add(decoder, DecodeScale.HalfReserve);
                data.Add(decoder, DecodeScale.NoReserve);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(ScaledDecoders))]
    public void Scaled_decoding_keeps_the_reserve_and_stays_close_to_full_decoding(string decoder, DecodeScale scale)
    {
        var recipe = new PreprocessingRecipe { Size = 64 };
        using var full = new Preprocessor(ImageDecoders.Create(decoder), recipe, new DecodeLimits());
        using var scaled = new Preprocessor(ImageDecoders.Create(decoder), recipe with { DecodeScale = scale }, new DecodeLimits());
        foreach (var golden in GoldenImages.All.Where(IsLargeJpeg))
        {
            var (a, b) = (new byte[full.ImageBytes], new byte[scaled.ImageBytes]);
            Assert.Equal(full.Prepare(GoldenImages.Read(golden.File), a), scaled.Prepare(GoldenImages.Read(golden.File), b));
            // ImageSharp decodes in full whatever the scale.
            var (least, most) = Support.Decoders.IsLibVips(decoder) ? (0.001, 3) : (0, 0);
            Assert.InRange(a.Zip(b, (x, y) => Math.Abs(x - y)).Average(), least, most);
        }
    }

    [Theory]
    [InlineData(640, 480, 128, 4)]
    [InlineData(640, 480, 64, 8)]
    [InlineData(640, 480, 448, 1)]
    [InlineData(1920, 1080, 448, 4)]
    [InlineData(8000, 6000, 128, 8)]
    [InlineData(8000, 3, 128, 2)]
    [InlineData(100, 100, 0, 1)]
    public void The_shrink_factor_leaves_at_least_the_reserve(int width, int height, int reserve, int expected) =>
        Assert.Equal(expected, new DecodeRequest(new DecodeLimits(), reserve).ShrinkFor(new ImageSize(width, height)));

    private static bool IsLargeJpeg(GoldenImage image) =>
        image.DecodedWidth >= 256 && image.File.EndsWith("004.jpg", StringComparison.Ordinal);

    private static byte[] Decode(string decoder, byte[] file) => Support.Decoders.Decode(decoder, file);
}
