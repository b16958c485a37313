using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Comparing;

namespace PartsWorker.Tests.Comparing;

public sealed class PngWriterTests
{
    [Fact]
    public void A_decoder_reads_back_what_was_written()
    {
        var pixels = new byte[7 * 5 * 3];
        new Random(1).NextBytes(pixels);

        using var image = new DecodedImage();
        ImageDecoders.Create().Decode(PngWriter.Write(pixels, width: 7), new DecodeRequest(new DecodeLimits()), image);

        Assert.Equal((7, 5), (image.Width, image.Height));
        Assert.Equal(pixels, image.Pixels.ToArray());
    }
}
