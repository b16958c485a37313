using PartsWorker.Benching;

namespace PartsWorker.Tests.Benching;

public sealed class BenchPictureTests
{
    [Fact]
    public void A_picture_is_the_same_for_the_same_number_and_as_large_as_a_photograph()
    {
        var picture = BenchPicture.Jpeg(7);
        Assert.Equal(picture, BenchPicture.Jpeg(7));
        Assert.NotEqual(picture, BenchPicture.Jpeg(8));
        Assert.InRange(picture.Length, 60_000, 140_000);
    }
}
