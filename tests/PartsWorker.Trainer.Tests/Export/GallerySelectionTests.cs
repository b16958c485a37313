using PartsWorker.Trainer.Evaluation;
using PartsWorker.Trainer.Export;

namespace PartsWorker.Trainer.Tests.Export;

public sealed class GallerySelectionTests
{
    [Fact]
    public void The_most_typical_row_comes_first_then_the_ones_farthest_from_those_chosen()
    {
        var rows = new[] { At(0), At(5), At(10), At(12), At(90) };
        Assert.Equal(["12", "90", "0"], GallerySelection.Thin(rows, 3).Select(r => r.Path));
    }

    [Fact]
    public void Each_class_keeps_its_share_and_small_classes_keep_all()
    {
        var rows = Enumerable.Range(0, 10).Select(i => At(i) with { ClassId = i < 8 ? 1 : 0 }).ToArray();
        Assert.Equal([0, 0, 1, 1, 1], GallerySelection.Thin(rows, 3).Select(r => r.ClassId));
        Assert.Equal(10, GallerySelection.Thin(rows, 0).Count);
    }

    private static PictureOutputs At(float degrees)
    {
        var (sin, cos) = MathF.SinCos(degrees * MathF.PI / 180);
        return new() { Path = $"{degrees}", ClassId = 0, Embedding = [cos, sin], Scores = [], Indices = [], ColorLogits = [], ShapeLogits = [] };
    }
}
