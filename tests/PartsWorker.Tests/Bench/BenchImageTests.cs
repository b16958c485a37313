using PartsWorker.Bench.Images;
using PartsWorker.Bundles.Preprocessing;

namespace PartsWorker.Tests.Bench;

public sealed class BenchImageTests
{
    [Fact]
    public void A_image_is_the_same_for_the_same_number_and_as_large_as_a_photograph()
    {
        var image = BenchImage.Jpeg(7);
        Assert.Equal(image, BenchImage.Jpeg(7));
        Assert.NotEqual(image, BenchImage.Jpeg(8));
        Assert.InRange(image.Length, 60_000, 140_000);
    }

    [Fact]
    public void A_larger_image_has_its_size_and_as_many_bytes_per_pixel()
    {
        var image = BenchImage.Jpeg(7, new ImageSize(1280, 960));
        Assert.InRange(image.Length, 3 * BenchImage.Jpeg(7).Length, 5 * BenchImage.Jpeg(7).Length);
    }
}
