using PartsWorker.Bundles.Preprocessing;

namespace PartsWorker.Bundles.Tests.Preprocessing;

public sealed class JpegFileTests
{
    [Fact]
    public void What_is_written_is_decoded_to_nearly_the_same_colors()
    {
        const int Side = 64;
        var rgb = new byte[Side * Side * 3];
        for (var i = 0; i < rgb.Length; i++)
        {
            // Blocks of 16 in flat colors: nothing for chroma subsampling to blur inside a block.
            var block = (i / 3 / Side / 16 * 4) + (i / 3 % Side / 16);
            rgb[i] = (byte)((block * 37 * ((i % 3) + 1)) % 256);
        }

        var decoded = new byte[rgb.Length];
        using var preprocessor = new Preprocessor(ImageDecoders.Create(ImageDecoders.LibVips), new() { Size = Side }, new());
        preprocessor.Prepare(JpegFile.Encode(rgb, new ImageSize(Side, Side), 95), decoded);
        var inside = Enumerable.Range(0, rgb.Length).Where(i => IsInside(i / 3 % Side % 16) && IsInside(i / 3 / Side % 16));
        Assert.All(inside, i => Assert.InRange(Math.Abs(rgb[i] - decoded[i]), 0, 12));
    }

    private static bool IsInside(int place) => place is > 3 and < 12;
}
