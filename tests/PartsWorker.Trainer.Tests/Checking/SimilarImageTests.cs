using PartsWorker.Trainer.Checking;

namespace PartsWorker.Trainer.Tests.Checking;

public sealed class SimilarImageTests
{
    [Fact]
    public void A_copy_with_compression_noise_in_another_class_is_found_once()
    {
        var data = SomeScan.DataSet(
            ["bolt", "nut"], SomeScan.Image(0, 1, 0, "/a"), SomeScan.Image(1, 1, 6, "/b"), SomeScan.Image(1, 2, 0, "/c"));
        var finding = Assert.Single(LookalikeCheck.Run(data));
        Assert.Equal(["/a", "/b"], Assert.Single(finding.Items).Images.Order());
    }

    [Fact]
    public void Parts_that_differ_in_brightness_only_are_no_copies()
    {
        static byte Dark(int p) => (byte)(Dice.For(1, p).Unit() * 100);
        var data = SomeScan.DataSet(["black", "steel"], SomeScan.Image(0, Dark), SomeScan.Image(1, p => (byte)(Dark(p) + 60)));
        Assert.Empty(LookalikeCheck.Run(data));
    }

    [Fact]
    public void Near_identical_images_of_a_class_count_as_one_scene()
    {
        ScannedImage[] images = [.. Enumerable.Range(0, 12).Select(i => SomeScan.Image(i / 8, i / 4, noise: 1 + (i % 4 * 4)))];
        Assert.Equal([(0, 2), (1, 1)], Scenes.Count(images).OrderBy(s => s.Key).Select(s => (s.Key, s.Value)));
    }
}
