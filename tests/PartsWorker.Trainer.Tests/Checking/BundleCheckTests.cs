using PartsWorker.Trainer.Checking;
using PartsWorker.Trainer.Evaluation;

namespace PartsWorker.Trainer.Tests.Checking;

/// <summary>Embeddings on a circle: bolts near 0 degrees, nuts near 90 degrees.</summary>
public sealed class BundleCheckTests
{
    private static readonly string[] Names = ["bolt", "nut"];

    [Fact]
    public void An_image_among_those_of_another_class_is_the_only_suspect_and_shows_its_neighbors()
    {
        var suspect = Assert.Single(Check((0, 0), (0, 2), (0, 4), (0, 91), (1, 88), (1, 90), (1, 92)).Suspects);
        Assert.Equal(("/3", "bolt", "nut"), (suspect.Path, suspect.Given, suspect.Suggested));
        Assert.Equal(["/4", "/5", "/6"], suspect.NearestSuggested.Order());
        Assert.Equal(["/2", "/1"], suspect.NearestGiven);
        Assert.InRange(suspect.Loss, 4.6, 13.9);
    }

    [Fact]
    public void A_copy_under_the_same_label_does_not_confirm_it()
    {
        Some[] images = [(0, 0), (0, 2), (0, 4), (0, 91), (0, 91), (1, 88), (1, 90), (1, 92)];
        Assert.Empty(Check(images).Suspects);
        images[4] = images[4] with { Scene = 3, Noise = 3 };
        Assert.Equal(["/3", "/4"], Check(images).Suspects.Select(s => s.Path).Order());
    }

    [Fact]
    public void A_class_with_a_single_image_is_not_checked()
    {
        var report = Check((0, 0), (1, 88), (1, 90), (1, 92));
        Assert.Empty(report.Suspects);
        Assert.Equal((3, 1), (report.Checked, report.Recall));
    }

    [Fact]
    public void Confused_classes_are_counted_in_both_directions()
    {
        var report = Check((0, 0), (0, 40), (0, 50), (1, 90), (1, 92), (1, 48), (1, 42));
        Assert.Equal(new ConfusedPair("bolt", "nut", 2, 2), Assert.Single(report.Confusions));
    }

    [Fact]
    public void Several_bundles_are_averaged()
    {
        Some[] images = [(0, 0), (0, 2), (0, 4), (0, 91), (1, 88), (1, 90), (1, 92)];
        Some[] agreeing = [.. images];
        agreeing[3] = agreeing[3] with { Degrees = 1 };
        var data = DataSet(images);
        Assert.Empty(new BundleCheck(data, new()).Run([Outputs(images), Outputs(agreeing)]).Suspects);
        Assert.Single(new BundleCheck(data, new()).Run([Outputs(images), Outputs(images)]).Suspects);
    }

    private static LabelReport Check(params Some[] images) => new BundleCheck(DataSet(images), new()).Run([Outputs(images)]);

    private static DataSet DataSet(Some[] images) => SomeScan.DataSet(
        Names, [.. images.Select((image, i) => SomeScan.Image(image.ClassId, image.Scene ?? i, image.Noise, $"/{i}"))]);

    private static BundleOutputs Outputs(Some[] images) => new(
        "some@1",
        new() { T1 = 0.05, Tc = 1, Ts = 1, Wc = 0, Ws = 0 },
        50,
        [.. images.Select(image => new ImageOutputs
        {
            Path = string.Empty,
            ClassId = image.ClassId,
            Embedding = [MathF.Cos(image.Degrees * MathF.PI / 180), MathF.Sin(image.Degrees * MathF.PI / 180)],
            Scores = [],
            Indices = [],
            ColorLogits = [0, 0],
            ShapeLogits = [0, 0],
        })]);

    private sealed record Some(int ClassId, float Degrees)
    {
        public int? Scene { get; init; }

        public int Noise { get; init; }

        public static implicit operator Some((int ClassId, float Degrees) image) => new(image.ClassId, image.Degrees);
    }
}
