using PartsWorker.Bundles.Bundle;
using PartsWorker.Bundles.Fusion;

namespace PartsWorker.Bundles.Tests.Fusion;

public sealed class FuserTests
{
    // Gallery row r belongs to class r / 2: two rows for each of six classes.
    private static readonly int[] Gallery = [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5];

    private static readonly LabelSet Labels = new()
    {
        Colors = ["red", "blue"],
        Shapes = ["round", "long"],
        Classes = [new(0, "a", 0, 0), new(1, "b", 0, 1), new(2, "c", 1, 0), new(3, "d", 1, 1), new(4, "e", 0, 0), new(5, "f", 1, 1)],
    };

    private static readonly FusionConstants Constants = new() { T1 = 0.5, Tc = 1, Ts = 1, Wc = 1, Ws = 1 };

    [Fact]
    public void Confidence_is_the_softmax_over_the_candidates_of_cosine_color_and_shape()
    {
        // Heads say blue with 3:1 and round with 2:1.
        var verdict = Classify([0.8f, 0.6f, 0.5f], [0, 4, 1], [0, MathF.Log(3)], [MathF.Log(2), 0]);
        var a = Math.Exp(0.8 / 0.5) * 0.25 * (2.0 / 3);
        var c = Math.Exp(0.6 / 0.5) * 0.75 * (2.0 / 3);
        Assert.Equal(2, verdict.ClassId);
        Assert.Equal(c / (a + c), verdict.Confidence, 1e-6);
        Assert.Equal(0.75, verdict.ColorConfidence, 1e-6);
        Assert.Equal(2.0 / 3, verdict.ShapeConfidence, 1e-6);
        Assert.Equal((1, 0, 0), (verdict.ColorId, verdict.ShapeId, verdict.Top1ClassId));
        Assert.Equal(0.8, verdict.MaxSimilarity, 1e-6);
    }

    [Fact]
    public void The_best_five_come_in_order_and_ties_go_to_the_lower_id()
    {
        var verdict = Classify([0.9f, 0.5f, 0.5f, 0.4f, 0.3f, 0.2f], [10, 8, 0, 2, 4, 6], [0, 0], [0, 0]);
        Assert.Equal([5, 0, 4, 1, 2], verdict.Top5.Select(candidate => candidate.ClassId));
        var confidences = verdict.Top5.Select(candidate => candidate.Confidence).ToList();
        Assert.Equal(confidences.OrderDescending(), confidences);
    }

    [Fact]
    public void All_hits_of_a_class_outweigh_one_slightly_better_hit_of_another()
    {
        // Rows 0, 1 are class 0; rows 4, 5 are class 2: 2 hits at 0.8 give log(2 e^1.6 / 2), one at 0.9 gives log(e^1.8 / 2).
        var fuser = new Fuser(Constants with { Rule = EvidenceRules.AllHits }, new UnknownThresholds(), Labels, Gallery);
        var verdict = fuser.Classify(Outputs([0.9f, 0.8f, 0.8f], [4, 0, 1], [0, 0], [0, 0]));
        Assert.Equal(0, verdict.Top5[0].ClassId);
        Assert.Equal(2, verdict.Top1ClassId);
        Assert.Equal(1 / (1 + Math.Exp(1.8 - 1.6 - Math.Log(2))), verdict.Confidence, 5);
    }

    [Theory]
    [InlineData(new long[] { 0, 6 }, 3, FilterPaths.Both)]
    [InlineData(new long[] { 0, 4 }, 2, FilterPaths.Color)]
    [InlineData(new long[] { 0, 2 }, 1, FilterPaths.Shape)]
    [InlineData(new long[] { 8, 0 }, 4, FilterPaths.Top1)]
    public void The_filter_relaxes_shape_then_color_then_takes_the_best_hit(long[] rows, int expected, string path)
    {
        // Heads say blue and long.
        var verdict = Classify([0.9f, 0.1f], rows, [0, 5], [0, 5]);
        Assert.Equal((expected, path), (verdict.FilterClassId, verdict.FilterPath));
    }

    [Theory]
    [InlineData(0.99, -1, true)]
    [InlineData(0, 0.95, true)]
    [InlineData(0.3, 0.5, false)]
    public void Below_either_threshold_the_class_is_unknown_but_the_confidence_stays(double confidence, double similarity, bool unknown)
    {
        var fuser = new Fuser(Constants, new UnknownThresholds { Confidence = confidence, Similarity = similarity }, Labels, Gallery);
        var verdict = fuser.Classify(Outputs([0.9f, 0.8f], [0, 8], [0, 0], [0, 0]));
        Assert.Equal(unknown ? null : 0, verdict.ClassId);
        Assert.Equal(unknown ? Verdict.Unknown : Verdict.Accepted, verdict.Decision);
        Assert.InRange(verdict.Confidence, 0.5, 0.6);
    }

    [Fact]
    public void Color_and_shape_of_an_enrolled_class_do_not_count()
    {
        // Heads say red and long, which is class b; class c is blue and round.
        var (scores, rows, color, shape) = (new[] { 0.9f, 0.8f }, new long[] { 4, 2 }, new[] { 5f, 0 }, new[] { 0, 5f });
        Assert.Equal(1, Classify(scores, rows, color, shape).ClassId);
        var enrolled = Labels with { Classes = [.. Labels.Classes.Select(c => c with { Enrolled = c.Id == 2 })] };
        var verdict = new Fuser(Constants, new UnknownThresholds(), enrolled, Gallery).Classify(Outputs(scores, rows, color, shape));
        Assert.Equal(2, verdict.ClassId);
        var sure = 1 / (1 + Math.Exp(-5));
        var expected = (sure * Math.Log(sure)) + ((1 - sure) * Math.Log(1 - sure));
        var (c, b) = (Math.Exp(1.8 + (2 * expected)), Math.Exp(1.6 + (2 * Math.Log(sure))));
        Assert.Equal(c / (c + b), verdict.Confidence, 1e-5);
    }

    [Theory]
    [InlineData(0.9f, 0.1f, false)]
    [InlineData(0.4f, 0.1f, true)]
    [InlineData(0.9f, 0.9f, true)]
    public void Below_the_threshold_of_the_detector_the_class_is_unknown_by_whichever_test_is_lower(
        float similarity, float distance, bool unknown)
    {
        var detector = new UnknownDetector
        {
            Tests = [Test(-5, DetectorInputs.Similarity, 10), Test(5, "far", -10)],
            Threshold = 0.5,
            FalseAlarms = 0.02,
        };
        var fuser = new Fuser(Constants, new UnknownThresholds(), Labels, Gallery, new KnownScore(detector, ["far"]));
        var verdict = fuser.Classify(new ModelOutputs
        {
            Scores = [similarity, 0.1f], Indices = [0, 8], ColorLogits = [0, 0], ShapeLogits = [0, 0], Distances = [distance],
        });
        Assert.Equal(unknown ? Verdict.Unknown : Verdict.Accepted, verdict.Decision);
        Assert.Equal(Math.Min(-5 + (10 * similarity), 5 - (10 * distance)), verdict.KnownScore!.Value, 5);
    }

    [Theory]
    [InlineData(0, 3.5f, true)]
    [InlineData(0, 4.5f, false)]
    [InlineData(1, 3.5f, false)]
    public void The_threshold_of_the_answers_own_class_replaces_that_of_the_bundle(int answer, float similarity, bool unknown)
    {
        var detector = new UnknownDetector
        {
            Tests = [Test(0, DetectorInputs.Similarity, 1)],
            Threshold = 3,
            FalseAlarms = 0.02,
            ClassThresholds = new Dictionary<string, double>(StringComparer.Ordinal) { [Labels.Classes[0].Name] = 4 },
        };
        var row = Array.IndexOf(Gallery, answer);
        var verdict = new Fuser(Constants, new UnknownThresholds(), Labels, Gallery, new KnownScore(detector, []))
            .Classify(Outputs([similarity, -1], [row, Array.FindIndex(Gallery, c => c != answer)], [0, 0], [0, 0]));
        Assert.Equal(answer, verdict.Top5[0].ClassId);
        Assert.Equal(unknown ? Verdict.Unknown : Verdict.Accepted, verdict.Decision);
    }

    [Fact]
    public void The_inputs_of_the_detector_follow_from_the_hits_and_the_logits()
    {
        var inputs = new double[DetectorInputs.All.Count];
        var verdict = new Fuser(Constants, new UnknownThresholds(), Labels, Gallery)
            .Classify(Outputs([0.9f, 0.8f, 0.5f], [0, 1, 4], [MathF.Log(3), 0], [0, MathF.Log(4)]), 5, inputs);
        var p = verdict.Confidence;
        Assert.Null(verdict.KnownScore);
        Assert.Equal(
            [0.9, Math.Log(p / (1 - p)), Math.Log(0.75), Math.Log(0.2), 0],
            inputs,
            (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public void Outputs_that_are_not_numbers_or_not_in_the_gallery_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Classify([float.NaN, 0.1f], [0, 1], [0, 0], [0, 0]));
        Assert.Throws<ArgumentException>(() => Classify([0.2f, 0.1f], [0, 1], [float.PositiveInfinity, 0], [0, 0]));
        Assert.Throws<ArgumentException>(() => Classify([0.2f, 0.1f], [0, 12], [0, 0], [0, 0]));
        Assert.Throws<ArgumentException>(() => Classify([], [], [0, 0], [0, 0]));
    }

    private static DetectorTest Test(double bias, string input, double weight) =>
        new() { Name = input, Bias = bias, Weights = new Dictionary<string, double>(StringComparer.Ordinal) { [input] = weight } };

    private static Verdict Classify(float[] scores, long[] rows, float[] color, float[] shape) =>
        new Fuser(Constants, new UnknownThresholds(), Labels, Gallery).Classify(Outputs(scores, rows, color, shape));

    private static ModelOutputs Outputs(float[] scores, long[] rows, float[] color, float[] shape) =>
        new() { Scores = scores, Indices = rows, ColorLogits = color, ShapeLogits = shape };
}
