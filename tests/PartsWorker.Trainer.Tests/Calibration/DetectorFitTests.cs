using PartsWorker.Bundles.Bundle;
using PartsWorker.Bundles.Fusion;
using PartsWorker.Trainer.Calibration;
using PartsWorker.Trainer.Evaluation;

namespace PartsWorker.Trainer.Tests.Calibration;

public sealed class DetectorFitTests
{
    private static readonly LabelSet Labels = new()
    {
        Colors = ["red"],
        Shapes = ["round"],
        Classes = [new(0, "a", 0, 0), new(1, "b", 0, 0)],
    };

    private static readonly FusionConstants Constants = new() { T1 = 0.1, Tc = 1, Ts = 1, Wc = 1, Ws = 1 };
    private readonly Random _dice = new(1);

    [Fact]
    public void The_threshold_holds_back_the_stated_share_of_good_images()
    {
        var known = Images(500, similarity: 0.8, distance: 1);
        var detector = Fit().WithThreshold(Fit().FitTests(known, Images(500, 0.4, 1), Images(100, 0.8, 3)), known, falseAlarms: 0.02);
        Assert.Equal(10, Rejected(detector, known));
        Assert.Equal(0.02, detector.FalseAlarms);
    }

    [Fact]
    public void One_test_finds_removed_classes_and_the_other_finds_images_without_a_part()
    {
        var (known, removed, junk) = (Images(500, 0.8, 1), Images(500, 0.4, 1), Images(100, 0.8, 3));
        var tests = Fit().FitTests(known, removed, junk);
        Assert.Equal(["class", "image"], tests.Select(t => t.Name));
        Assert.Equal(["far"], tests[1].Weights.Keys);
        var detector = Fit().WithThreshold(tests, known, 0.02);
        Assert.InRange(Fit().AcceptedShare(detector, removed), 0, 0.1);
        Assert.InRange(Fit().AcceptedShare(detector, junk), 0, 0.1);
        Assert.InRange(Rejected(detector, Images(200, 0.35, 1)), 180, 200);
        Assert.InRange(Rejected(detector, Images(200, 0.8, 3.5)), 180, 200);
    }

    [Fact]
    public void A_test_whose_inputs_all_contradict_their_meaning_is_left_out()
    {
        var test = Assert.Single(Fit().FitTests(Images(500, 0.8, distance: 3), Images(500, 0.4, 1), Images(500, 0.6, distance: 1)));
        Assert.Equal("class", test.Name);
        Assert.All(test.Weights, weight => Assert.True(weight.Value > 0, weight.Key));
    }

    [Fact]
    public void An_image_of_one_color_is_unknown_however_similar_it_is_to_a_part()
    {
        ImageOutputs[] known = [.. Images(500, 0.8, 1).Select((image, i) => image with { Contrast = 15 + (i % 60) })];
        ImageOutputs[] junk = [.. Images(100, 0.8, 3).Select((image, i) => image with { Contrast = i })];
        var tests = Fit().FitTests(known, Images(500, 0.4, 1), junk);
        Assert.Equal(["class", "image", "contrast"], tests.Select(t => t.Name));
        var detector = Fit().WithThreshold(tests, known, 0.02);
        ImageOutputs[] flat = [.. Images(100, 0.9, 1).Select(image => image with { Contrast = 0 })];
        Assert.Equal(100, Rejected(detector, flat));
        Assert.InRange(Rejected(detector, known), 1, 10);
    }

    [Fact]
    public void Without_images_of_a_kind_there_is_no_test_for_it()
    {
        var known = Images(50, 0.8, 1);
        Assert.Equal("class", Assert.Single(Fit().FitTests(known, Images(50, 0.4, 1), [])).Name);
        Assert.Empty(Fit().FitTests(known, [], []));
    }

    [Fact]
    public void A_new_threshold_keeps_the_tests()
    {
        var known = Images(500, 0.8, 1);
        var first = Fit().WithThreshold(Fit().FitTests(known, Images(500, 0.4, 1), []), known, 0.02);
        var others = Images(100, similarity: 0.6, distance: 1);
        var moved = Fit().WithThreshold(first.Tests, others, 0.1);
        Assert.True(moved.Threshold < first.Threshold, $"{moved.Threshold} against {first.Threshold}");
        Assert.Equal(10, Rejected(moved, others));
    }

    [Fact]
    public void A_class_with_enough_images_gets_a_threshold_that_holds_back_the_stated_share_of_them()
    {
        var tests = Fit().FitTests(Images(500, 0.8, 1), Images(500, 0.4, 1), []);
        var (often, rare) = (Named(Images(200, 0.7, 1), 0), Named(Images(99, 0.9, 1), 1));

        var detector = Fit().WithThreshold(tests, [.. often, .. rare], falseAlarms: 0.02);

        Assert.Equal("a", Assert.Single(detector.ClassThresholds!).Key);
        Assert.Equal(4, Rejected(detector, often));
        Assert.Equal(detector.Threshold, detector.ThresholdOf("b"));
        Assert.Equal(1 - (4 / 200.0), Fit().AcceptedShare(detector, often));
    }

    [Fact]
    public void Views_of_the_same_image_do_not_make_enough_images()
    {
        var images = Images(500, 0.8, 1);
        Assert.Null(Fit().WithThreshold(Fit().FitTests(images, Images(500, 0.4, 1), []), images, 0.02).ClassThresholds);
    }

    private static ImageOutputs[] Named(ImageOutputs[] images, int answer) =>
        [.. images.Select((image, i) => image with { Path = $"{answer}-{i}.jpg", ClassId = answer, Indices = [answer, 1 - answer] })];

    private static DetectorFit Fit() => new(Constants, Labels, [0, 1], ["far"], []);

    private static int Rejected(UnknownDetector detector, IReadOnlyList<ImageOutputs> images)
    {
        var fuser = new Fuser(Constants, new(), Labels, [0, 1], new(detector, ["far"]));
        return images.Count(image => fuser.Classify(image.ForFusion()).Decision == Verdict.Unknown);
    }

    private ImageOutputs[] Images(int count, double similarity, double distance) =>
    [
        .. Enumerable.Range(0, count).Select(_ => new ImageOutputs
        {
            Path = "x.jpg",
            ClassId = 0,
            Embedding = [],
            Scores = [(float)(similarity + Noise()), (float)(0.2 + Noise())],
            Indices = [0, 1],
            ColorLogits = [1],
            ShapeLogits = [1],
            Distances = [(float)(distance + Noise())],
        }),
    ];

    private double Noise() => (_dice.NextDouble() - 0.5) * 0.2;
}
