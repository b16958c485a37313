using System.Text;
using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Bundles.Tests.Support;

namespace PartsWorker.Bundles.Tests.Preprocessing;

public sealed class PnmTests
{
    public static TheoryData<byte[], byte[]> Files => new()
    {
        { Text("P1\n# belt 4\n2 2\n1 0\n01"), [0, 0, 0, 255, 255, 255, 255, 255, 255, 0, 0, 0] },
        { [.. Text("P4 3 2\n"), 0b1010_0000, 0b0100_0000], [0, 0, 0, 255, 255, 255, 0, 0, 0, 255, 255, 255, 0, 0, 0, 255, 255, 255] },
        { Text("P2\n2 1\n255\n10 200\n"), [10, 10, 10, 200, 200, 200] },
        { [.. Text("P5\r\n2 1\r255\n"), 10, 200], [10, 10, 10, 200, 200, 200] },
        { [.. Text("P5 2 1 15\n"), 0, 15], [0, 0, 0, 255, 255, 255] },
        { Text("P3 1 1 # a comment\n 255 1 2\n3"), [1, 2, 3] },
        { [.. Text("P6#\n2 1\n255\n"), 1, 2, 3, 4, 5, 6, .. "P6 another image"u8], [1, 2, 3, 4, 5, 6] },
        { [.. Text("P5 2 1 4095\n"), 0x0F, 0xFF, 0x08, 0x00], [255, 255, 255, 128, 128, 128] },
        { [.. Text("P6 1 1 65535\n"), 0xFF, 0, 0x12, 0x34, 0x80, 0], [255, 18, 128] },
        { Text("P2 2 1 4095 4095 16"), [255, 255, 255, 1, 1, 1] },
        { Text("P2 2 1 65535 4095 16"), [255, 255, 255, 1, 1, 1] },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_kind_gives_the_pixels_that_it_holds(byte[] file, byte[] expected)
    {
        foreach (var decoder in ImageDecoders.All)
        {
            Assert.Equal(expected, Decoders.Decode(decoder, file));
        }
    }

    [Theory]
    [InlineData("P5 2 2 255\nabc", "truncated Pnm of 2x2")]
    [InlineData("P2 2 2 255\n1 2 3", "truncated")]
    [InlineData("P2 2 1 15\n1 16", "the sample 16 exceeds 15")]
    [InlineData("P5 2", "truncated or damaged Pnm: not a number")]
    [InlineData("P5 2 2 70000\n", "largest value 70000")]
    [InlineData("P5 2 2 0\n", "largest value 0")]
    [InlineData("P5 0 2 255\n", "size 0x2")]
    [InlineData("P1 2 1\n12", "not a bit")]
    [InlineData("P7\nWIDTH 1", "a PAM image is not read")]
    [InlineData("Pf\n1 1\n-1.0\n", "a floating-point PNM (PFM) is not read")]
    public void Damaged_and_foreign_ones_are_refused(string file, string because) => AssertRefused<UnreadableImageException>(file, because);

    [Theory]
    [InlineData("P5 30000 30000 255\n", "30000x30000 pixels exceed the limit of 64000000")]
    [InlineData("P1 30000 30000\n", "30000x30000 pixels exceed the limit of 64000000")]
    [InlineData("P6 999999999 999999999 65535\n", "999999999x999999999 pixels exceed the limit of 100000 on a side")]
    public void Too_many_pixels_are_refused_on_the_header(string file, string because) =>
        AssertRefused<ImageTooLargeException>(file, because);

    private static void AssertRefused<TError>(string file, string because)
        where TError : Exception
    {
        foreach (var decoder in ImageDecoders.All)
        {
            var error = Assert.Throws<TError>(() => Decoders.Decode(decoder, Text(file)));
            Assert.Contains(because, error.Message, StringComparison.Ordinal);
        }
    }

    private static byte[] Text(string text) => Encoding.Latin1.GetBytes(text);
}
