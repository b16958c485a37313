using PartsWorker.Trainer.Data;

namespace PartsWorker.Trainer.Tests.Data;

public sealed class BatchFeederTests : IDisposable
{
    private readonly SomeData _some = new();
    private readonly PixelCache _cache;
    private readonly DataFolder _data;

    public BatchFeederTests()
    {
        _data = _some.TwoClasses(10);
        _cache = _some.Cache(_data);
    }

    private BatchFeeder Feeder(BatchFeederOptions options) => new(_cache, [.. Enumerable.Range(0, _cache.Count)], _data.Labels, options);

    private static BatchFeederOptions Options => new() { BatchSize = 4, InputSize = 12, Seed = 9 };

    private List<(long Step, string Images, string Pixels)> Take(BatchFeederOptions options, int steps)
    {
        using var feeder = Feeder(options);
        var taken = new List<(long, string, string)>();
        for (var i = 0; i < steps; i++)
        {
            var batch = feeder.NextBatch(default);
            taken.Add((batch.Step, string.Join(',', batch.Indices), Convert.ToHexString(batch.Pixels)));
            feeder.Return(batch);
        }

        return taken;
    }

    [Fact]
    public void Batches_do_not_depend_on_the_number_of_threads() =>
        Assert.Equal(Take(Options, 12), Take(Options with { Threads = 3 }, 12));

    [Fact]
    public void A_resumed_feeder_continues_with_the_same_batches() =>
        Assert.Equal(Take(Options, 12).Skip(7), Take(Options with { FirstStep = 7, Threads = 2 }, 5));

    [Fact]
    public void An_epoch_without_balancing_shows_each_image_once()
    {
        var shown = Take(Options with { ClassBalance = 0 }, 5).SelectMany(b => b.Images.Split(',')).Select(int.Parse);
        Assert.Equal(Enumerable.Range(0, 20), shown.Order());
    }

    [Fact]
    public void Labels_belong_to_the_image_and_plain_batches_are_the_images_themselves()
    {
        using var feeder = Feeder(Options with { InputSize = SomeData.Side, Augmentation = AugmentationOptions.None });
        var batch = feeder.NextBatch(default);
        for (var i = 0; i < batch.Count; i++)
        {
            Assert.Equal(_cache.ClassId(batch.Indices[i]), batch.Classes[i]);
            Assert.Equal(_data.Labels.Classes[(int)batch.Classes[i]].Color, batch.Colors[i]);
            Assert.Equal(
                _cache.Pixels(batch.Indices[i]).ToArray(), batch.Pixels.AsSpan(i * _cache.ImageBytes, _cache.ImageBytes).ToArray());
        }
    }

    public void Dispose()
    {
        _cache.Dispose();
        _some.Dispose();
    }
}
