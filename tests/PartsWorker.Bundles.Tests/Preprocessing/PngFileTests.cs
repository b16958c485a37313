using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Bundles.Tests.Support;

namespace PartsWorker.Bundles.Tests.Preprocessing;

public sealed class PngFileTests
{
    [Fact]
    public void A_decoder_that_checks_checksums_reads_back_what_was_written()
    {
        var rgb = new byte[7 * 5 * 3];
        new Random(1).NextBytes(rgb);
        var file = PngFile.Encode(rgb, new ImageSize(7, 5));
        Assert.Equal(rgb, Decoders.Decode(ImageDecoders.LibVips, file));
        file[40]++;
        Assert.Throws<UnreadableImageException>(() => Decoders.Decode(ImageDecoders.LibVips, file));
    }
}
