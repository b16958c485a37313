using PartsWorker.Trainer.Evaluation;
using PartsWorker.Trainer.Export;

namespace PartsWorker.Trainer.Tests.Export;

public class GalleryRowsTests
{
    private static readonly GalleryRows Gallery = new([At(0), At(10), At(20), At(90)], [0, 0, 0, 1], Half: false);

    [Fact]
    public void A_new_class_has_one_row_per_photo_up_to_the_rows_of_the_largest_class()
    {
        Assert.Equal([0, 0, 0, 1, 2, 2], Gallery.Enroll([Photo(2, 180), Photo(2, 200)]).Classes);
        Assert.Equal(
            [0, 0, 0, 1, 2, 2, 2],
            Gallery.Enroll([Photo(2, 180), Photo(2, 182), Photo(2, 210), Photo(2, 250), Photo(2, 254)]).Classes);
    }

    [Fact]
    public void Photos_of_a_known_class_share_its_rows_and_other_rows_are_unchanged()
    {
        var grown = Gallery.Enroll([Photo(0, 180), Photo(0, 182)]);
        Assert.Equal([1, 0, 0, 0], grown.Classes);
        Assert.Same(Gallery.Rows[3], grown.Rows[0]);
        Assert.Contains(181, grown.Rows.Select(Degrees));
    }

    [Fact]
    public void New_rows_have_the_precision_of_the_bundle()
    {
        var row = (Gallery with { Half = true }).Enroll([Photo(2, 33)]).Rows[^1];
        Assert.All(row, x => Assert.Equal(x, (float)(Half)x));
        Assert.NotEqual(row, Gallery.Enroll([Photo(2, 33)]).Rows[^1]);
    }

    private static double Degrees(float[] row) => Math.Round((Math.Atan2(row[1], row[0]) * 180 / Math.PI + 360) % 360, 2);

    private static float[] At(float degrees)
    {
        var (sin, cos) = MathF.SinCos(degrees * MathF.PI / 180);
        return [cos, sin];
    }

    private static ImageOutputs Photo(int classId, float degrees) => new()
    {
        Path = $"{degrees}", ClassId = classId, Embedding = At(degrees), Scores = [], Indices = [], ColorLogits = [], ShapeLogits = [],
    };
}
