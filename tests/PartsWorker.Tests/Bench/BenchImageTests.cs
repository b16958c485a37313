using PartsWorker.Bench.Images;

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
}
