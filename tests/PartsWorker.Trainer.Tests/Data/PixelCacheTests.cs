using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Trainer.Data;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.PixelFormats;

namespace PartsWorker.Trainer.Tests.Data;

public sealed class PixelCacheTests : IDisposable
{
    private readonly SomeData _some = new();

    [Fact]
    public void The_cache_returns_the_decoded_pixels()
    {
        using var cache = _some.Cache(_some.TwoClasses(3));
        Assert.Equal(6, cache.Count);
        Assert.All(Enumerable.Range(0, 6), i => Assert.Equal(File.ReadAllBytes(cache.PathOf(i)), cache.Pixels(i).ToArray()));
    }

    [Fact]
    public void An_unreadable_image_is_skipped_and_named_and_the_others_keep_their_order()
    {
        var data = _some.TwoClasses(3);
        File.WriteAllText(data.Images[1].Path, "not an image");
        using var cache = _some.Cache(data);
        Assert.Equal(data.Images[1].Path, Assert.Single(cache.Skipped).Path);
        Assert.Equal(5, cache.Count);
        Assert.All(Enumerable.Range(0, 5), i => Assert.Equal(File.ReadAllBytes(cache.PathOf(i)), cache.Pixels(i).ToArray()));
    }

    [Fact]
    public void Unchanged_data_reuses_the_cache_and_changed_data_does_not()
    {
        var data = _some.TwoClasses(2);
        _some.Cache(data).Dispose();
        _some.Cache(data).Dispose();
        var folder = Path.Combine(_some.Folder, ".cache");
        Assert.Single(Directory.GetFiles(folder, "*.rgb"));
        _some.Add("nut", "000.png", _ => 77);
        using var cache = _some.Cache(data);
        Assert.Equal(2, Directory.GetFiles(folder, "*.rgb").Length);
        Assert.Equal(77, cache.Pixels(2)[0]);
    }

    [Theory]
    [InlineData(null, 125)]
    [InlineData("12", 31)]
    [InlineData("full", 1)]
    public void Images_of_16_bits_follow_the_rule_of_the_run(string? rule, byte expected)
    {
        // 500 needs 10 bits: the rule range drops the two lowest, and the other rules more.
        _some.WriteLabels("bolt");
        using var image = new Image<L16>(SomeData.Side, SomeData.Side, new L16(500));
        image.SaveAsPng(
            Path.Combine(Directory.CreateDirectory(Path.Combine(_some.Folder, "bolt")).FullName, "deep.png"),
            new PngEncoder { BitDepth = PngBitDepth.Bit16, ColorType = PngColorType.Grayscale });
        var decoder = ImageDecoders.Create(ImageDecoders.ImageSharp);

        using var cache = new PixelCacheBuilder(
            DataFolder.Open(_some.Folder), Path.Combine(_some.Folder, ".cache"), SomeData.Side, decoder, rule).Build();

        Assert.Equal(expected, cache.Pixels(0)[0]);
    }

    public void Dispose() => _some.Dispose();
}
