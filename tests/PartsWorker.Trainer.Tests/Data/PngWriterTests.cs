using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Trainer.Data;

namespace PartsWorker.Trainer.Tests.Data;

public sealed class PngWriterTests
{
    [Fact]
    public void A_decoder_reads_back_what_was_written()
    {
        var dice = new Dice(3);
        var rgb = new byte[7 * 5 * 3];
        foreach (ref var value in rgb.AsSpan())
        {
            value = (byte)dice.Below(256);
        }

        using var image = new DecodedImage();
        ImageDecoders.Create().Decode(PngWriter.Encode(rgb, 7, 5), new(new(), 0), image);
        Assert.Equal((7, 5), (image.Width, image.Height));
        Assert.Equal(rgb, image.Pixels.ToArray());
    }
}
