using PartsWorker.Trainer.Data;
using PartsWorker.Trainer.Quantization;
using PartsWorker.Trainer.Tests.Export;

namespace PartsWorker.Trainer.Tests.Quantization;

public sealed class CalibrationImagesTests : IDisposable
{
    private readonly string _broken = Path.GetTempFileName();

    public void Dispose() => File.Delete(_broken);

    [Fact]
    public void Images_that_cannot_be_read_are_named()
    {
        var recipe = SomeBundle.Open().Manifest.Preprocessing;
        LabeledImage[] training = [.. SharedNetwork.Images.Take(6), new(_broken, 0)];
        var images = CalibrationImages.Read(recipe, training, count: 7);
        Assert.Equal((2, 8), (images.HoldOut.Count, images.Ranges.Count));
        Assert.Equal(_broken, Assert.Single(images.Skipped).Path);
    }

    [Fact]
    public void Too_few_readable_images_are_one_line_with_the_reason()
    {
        var recipe = SomeBundle.Open().Manifest.Preprocessing;
        LabeledImage[] training = [.. SharedNetwork.Images.Take(5), new(_broken, 0)];
        var error = Assert.Throws<UserErrorException>(() => CalibrationImages.Read(recipe, training, count: 7));
        Assert.StartsWith(
            $"int8 graphs need at least 6 readable training images, and there are 5; the last error: {_broken}: ", error.Message);
    }
}
