using PartsWorker.Trainer.Data;

namespace PartsWorker.Trainer.Tests.Data;

public sealed class ValidationSplitTests : IDisposable
{
    private readonly SomeData _some = new();

    [Fact]
    public void Near_identical_images_stay_on_one_side()
    {
        _some.WriteLabels("bolt");
        for (var i = 0; i < 20; i++)
        {
            var (scene, noise) = (i / 2, i % 2);
            _some.Add("bolt", $"{i:00}.png", p => (byte)((int)(Dice.For(scene, p).Unit() * 200) + noise));
        }

        using var cache = _some.Cache(DataFolder.Open(_some.Folder));
        var split = ValidationSplit.Create(cache, 0.2);
        Assert.Equal((16, 4), (split.Train.Length, split.Validation.Length));
        Assert.All(split.Validation, i => Assert.Contains(i ^ 1, split.Validation));
    }

    [Fact]
    public void Small_classes_stay_whole_and_the_same_seed_gives_the_same_split()
    {
        using var cache = _some.Cache(_some.TwoClasses(3));
        Assert.Empty(ValidationSplit.Create(cache).Validation);
        using var larger = _some.Cache(_some.TwoClasses(12));
        Assert.Equal(ValidationSplit.Create(larger, seed: 4).Validation, ValidationSplit.Create(larger, seed: 4).Validation);
        Assert.Equal(4, ValidationSplit.Create(larger).Validation.Length);
    }

    public void Dispose() => _some.Dispose();
}
