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

    public void Dispose() => _some.Dispose();
}
