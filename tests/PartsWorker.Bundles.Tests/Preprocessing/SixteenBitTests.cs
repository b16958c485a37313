using System.Buffers.Binary;
using System.Text;
using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Bundles.Tests.Support;

namespace PartsWorker.Bundles.Tests.Preprocessing;

/// <summary>Cameras of 10, 12 or 14 bits write files of 16 bits: PNG, TIFF and PNM get the same pixels, from both decoders.</summary>
public sealed class SixteenBitTests
{
    private const int Side = 64;

    public static TheoryData<int, int> Depths =>
        new() { { 8, 8 }, { 9, 10 }, { 10, 10 }, { 11, 12 }, { 12, 12 }, { 13, 14 }, { 14, 14 }, { 16, 16 } };

    [Theory]
    [MemberData(nameof(Depths))]
    public void By_default_the_samples_of_the_file_decide_its_depth(int bits, int depth)
    {
        // The largest sample comes last: rows that were written before it follow.
        ushort[] samples = [.. Enumerable.Range(0, Side * Side).Select(i => (ushort)(((long)i * ((1 << bits) - 1)) / ((Side * Side) - 1)))];
        byte[] expected = [.. samples.Select(sample => (byte)(sample >> (depth - 8)))];
        Assert.Equal(expected, Decode(samples, null));
    }

    [Fact]
    public void Data_of_twelve_bits_is_not_black()
    {
        ushort[] samples = [.. Enumerable.Range(0, Side * Side).Select(i => (ushort)(i % 4096))];
        Assert.InRange(Decode(samples, null).Average(sample => sample), 120, 135);
        Assert.InRange(Decode(samples, "full").Average(sample => sample), 0, 16);
    }

    [Fact]
    public void A_declared_depth_holds_for_each_file_and_refuses_what_does_not_fit()
    {
        ushort[] dark = [.. Enumerable.Repeat((ushort)160, Side * Side)];
        Assert.All(Decode(dark, "12"), sample => Assert.Equal(10, sample));
        ushort[] bright = [.. Enumerable.Repeat((ushort)5000, Side * Side)];
        Assert.Equal(
            "16-bit image with the sample 5000, which does not fit 12 bits (Decode:SixteenBit=12); name another depth there, or 'range'",
            Assert.Throws<UnreadableImageException>(() => Decode(bright, "12")).Message);
    }

    [Fact]
    public void Refuse_takes_only_files_that_use_their_sixteen_bits()
    {
        ushort[] full = [.. Enumerable.Repeat((ushort)0xABCD, Side * Side)];
        Assert.All(Decode(full, "refuse"), sample => Assert.Equal(0xAB, sample));
        ushort[] partial = [.. Enumerable.Repeat((ushort)4095, Side * Side)];
        Assert.Contains(
            "16-bit image whose samples need 12 bits at most, and Decode:SixteenBit=refuse",
            Assert.Throws<UnreadableImageException>(() => Decode(partial, "refuse")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_transparency_channel_does_not_decide_the_depth()
    {
        var png = TestPng.Write(1, 1, 16, TestPng.GrayAlpha, [0x0F, 0xFF, 0xFF, 0xFF]);
        Assert.All(ImageDecoders.All, decoder => Assert.Equal([255, 255, 255], Decoders.Decode(decoder, png)));
    }

    [Fact]
    public void The_setting_comes_before_the_bundle_and_the_bundle_before_the_default()
    {
        var png = Png([.. Enumerable.Repeat((ushort)160, Side * Side)]);
        Assert.Equal(160, Prepared(png, null, null));
        Assert.Equal(10, Prepared(png, null, "12"));
        Assert.Equal(0, Prepared(png, "full", "12"));
        Assert.Throws<ArgumentException>(() => Prepared(png, "seven", null));
    }

    private static byte Prepared(byte[] png, string? setting, string? bundle)
    {
        using var preprocessor = new Preprocessor(
            ImageDecoders.Create(ImageDecoders.ImageSharp),
            new PreprocessingRecipe { Size = Side, SixteenBit = bundle },
            new DecodeLimits { SixteenBit = setting });
        var pixels = new byte[preprocessor.ImageBytes];
        preprocessor.Prepare(png, pixels);
        return pixels[0];
    }

    /// <returns>One channel, the same from each format, decoder and channel.</returns>
    private static byte[] Decode(ushort[] samples, string? rule)
    {
        byte[][] files = [Png(samples), Pgm(samples), new TestTiff(Side, Side, samples) { Bits = 16 }.Write()];
        var answers = new List<byte[]>();
        foreach (var decoder in ImageDecoders.All)
        {
            foreach (var file in files)
            {
                using var image = new DecodedImage();
                var request = new DecodeRequest(new DecodeLimits()) { SixteenBit = SixteenBitRule.Parse(rule) };
                ImageDecoders.Create(decoder).Decode(file, request, image);
                answers.Add([.. image.Pixels.ToArray().Where((_, i) => i % 3 == 0)]);
            }
        }

        Assert.All(answers, answer => Assert.Equal(answers[0], answer));
        return answers[0];
    }

    private static byte[] Png(ushort[] samples) => TestPng.Write(Side, Side, 16, TestPng.Gray, BigEndian(samples));

    private static byte[] Pgm(ushort[] samples) => [.. Encoding.ASCII.GetBytes($"P5 {Side} {Side} 65535\n"), .. BigEndian(samples)];

    private static byte[] BigEndian(ushort[] samples)
    {
        var bytes = new byte[samples.Length * 2];
        for (var i = 0; i < samples.Length; i++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(i * 2), samples[i]);
        }

        return bytes;
    }
}
