using PartsWorker.Trainer.Data;

namespace PartsWorker.Trainer.Tests.Data;

public sealed class ClassFoldsTests
{
    private static readonly DataFolder Data = new(
        "parts",
        SomeData.Labels("a", "b", "c", "d", "e"),
        [.. Enumerable.Range(0, 10).Select(i => new LabeledImage($"{i}.png", i % 5))]);

    [Fact]
    public void The_folds_together_leave_out_every_class_exactly_once() =>
        Assert.Equal(
            [0, 1, 2, 3, 4],
            Enumerable.Range(0, 3).SelectMany(fold => ClassFolds.LeftOut(Data.Labels, 3, fold)).Order());

    [Fact]
    public void A_fold_leaves_out_every_kth_class() => Assert.Equal([1, 4], ClassFolds.LeftOut(Data.Labels, 3, 1).Order());

    [Theory]
    [InlineData(1, 0, "--leave-classes-out 1")]
    [InlineData(6, 0, "--leave-classes-out 6")]
    [InlineData(3, 3, "--fold 3: must be 0..2")]
    [InlineData(3, -1, "--fold -1")]
    public void Numbers_out_of_range_are_refused(int folds, int fold, string message) =>
        Assert.Contains(message, Assert.Throws<UserErrorException>(() => ClassFolds.LeftOut(Data.Labels, folds, fold)).Message);

    [Fact]
    public void Without_a_fold_the_labels_and_ids_stay_and_its_images_are_gone()
    {
        var leftOut = ClassFolds.LeftOut(Data.Labels, 3, 1);
        var rest = Data.Without(leftOut);
        Assert.Same(Data.Labels, rest.Labels);
        Assert.Equal([0, 2, 3, 0, 2, 3], rest.Images.Select(i => i.ClassId));
        Assert.Equal([1, 4, 1, 4], Data.Only(leftOut).Images.Select(i => i.ClassId));
    }
}
