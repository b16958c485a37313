using PartsWorker.Trainer.Evaluation;
using PartsWorker.Trainer.Export;

namespace PartsWorker.Trainer.Tests.Export;

public sealed class GallerySelectionTests
{
    [Fact]
    public void The_rows_of_a_class_are_the_means_of_its_groups()
    {
        var rows = new[] { At(0), At(4), At(40), At(46), At(90), At(92) };
        Assert.Equal([2, 43, 91], GallerySelection.Thin(rows, 3).Select(Degrees).Order());
    }

    [Fact]
    public void Large_classes_are_reduced_and_small_classes_keep_all_rows()
    {
        var rows = Enumerable.Range(0, 10).Select(i => At(i) with { ClassId = i < 8 ? 1 : 0 }).ToArray();
        Assert.Equal([0, 0, 1, 1, 1], GallerySelection.Thin(rows, 3).Select(r => r.ClassId));
        Assert.Equal(10, GallerySelection.Thin(rows, 0).Count);
    }

    private static double Degrees(ImageOutputs row) => Math.Round(Math.Atan2(row.Embedding[1], row.Embedding[0]) * 180 / Math.PI, 3);

    private static ImageOutputs At(float degrees)
    {
        var (sin, cos) = MathF.SinCos(degrees * MathF.PI / 180);
        return new()
        {
            Path = $"{degrees}",
            ClassId = 0,
            Embedding = [cos, sin],
            Scores = [],
            Indices = [],
            ColorLogits = [],
            ShapeLogits = [],
        };
    }
}
