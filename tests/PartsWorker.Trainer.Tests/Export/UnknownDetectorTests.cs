using Google.Protobuf;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Inference;
using PartsWorker.Trainer.Calibration;
using PartsWorker.Trainer.Data;
using PartsWorker.Trainer.Evaluation;
using PartsWorker.Trainer.Export;
using PartsWorker.Trainer.Graph;
using PartsWorker.Trainer.Graph.Proto;
using PartsWorker.Trainer.Networks;
using PartsWorker.Trainer.Training.Steps;
using PartsWorker.Trainer.Training.Weights;

namespace PartsWorker.Trainer.Tests.Export;

/// <summary>The hits and the unknown detector of an exported bundle, as the worker's code runs them.</summary>
public sealed class UnknownDetectorTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("parts-detector-").FullName;
    private readonly TrainedStage _stage = SharedNetwork.Stage();

    [Fact]
    public void The_graph_finds_the_best_row_of_each_class_however_many_rows_it_has()
    {
        var made = Assemble("rows", validation: []);
        var draft = BundleDraft.From(made);
        // Three rows of the first image's class, two of the second's, and one of the others.
        int[] classes = [.. draft.GalleryClasses, draft.GalleryClasses[0], draft.GalleryClasses[0], draft.GalleryClasses[1]];
        draft = draft with { Gallery = [.. draft.Gallery, draft.Gallery[2], draft.Gallery[0], draft.Gallery[3]], GalleryClasses = classes };
        using var runner = new BundleRunner(draft.Write(_root, "2"), ExecutionDevice.Cpu);
        var outputs = runner.Run(SharedNetwork.Images, []);
        var expected = new GalleryHits(draft.Gallery, classes, BundleDraft.HitsPerImage).Find(outputs);
        foreach (var (found, wanted) in outputs.Zip(expected))
        {
            Assert.Equal(found.Indices.Length, found.Indices.Select(row => classes[row]).Distinct().Count());
            Assert.Equal(wanted.Scores, found.Scores, (a, b) => Math.Abs(a - b) < 1e-5);
            Assert.Equal(wanted.Indices.Select(row => classes[row]), found.Indices.Select(row => classes[row]));
        }
    }

    [Fact]
    public void The_graph_computes_the_distances_that_the_detector_was_fitted_on()
    {
        const int Images = 40;
        var dice = new Random(2);
        float[][] features = [.. Enumerable.Range(0, Images).Select(i => Vector(dice, _stage.FeatureSize, center: i % 4))];
        var distances = FeatureDistances.Fit(features, [.. Enumerable.Range(0, Images).Select(i => i % 4)]);
        var onnx = DistanceGraph.Add(_stage.ToSharedOnnx().StageTwo, distances);
        using var inputs = new GraphMemory([new Value(Network.FeaturesName, ElementType.Float, [Images, _stage.FeatureSize])]);
        using var outputs = new GraphMemory(
            [new Value(DistanceGraph.OutputName, ElementType.Float, [Images, FeatureDistances.Names.Count])]);
        using var session = GraphSession.Load(onnx, new(1));
        using var bound = session.Bind(inputs.Tensors, outputs.Tensors);
        features.SelectMany(f => f).ToArray().CopyTo(inputs.Floats(Network.FeaturesName));
        bound.Run();
        var expected = features.SelectMany(f => distances.Of(f)).ToArray();
        Assert.All(expected, value => Assert.True(Math.Abs(value) > 0.01, $"{value} is too small to compare"));
        foreach (var (i, found) in outputs.Floats(DistanceGraph.OutputName).ToArray().Index())
        {
            // The relative distance is a difference of squares, which loses digits.
            var tolerance = FeatureDistances.Names[i % FeatureDistances.Names.Count] == "relative" ? 5e-3 : 1e-3;
            Assert.InRange(found, expected[i] - (tolerance * Math.Abs(expected[i])), expected[i] + (tolerance * Math.Abs(expected[i])));
        }
    }

    [Fact]
    public void An_exported_bundle_runs_its_detector_and_verifies()
    {
        var made = Assemble("distances", SharedNetwork.Images);
        Assert.Equal(BundleManifest.WithDetector, made.Manifest.Format);
        Assert.Equal(FeatureDistances.Names, made.Manifest.StageTwo.DistanceNames);
        using var runner = new BundleRunner(made, ExecutionDevice.Cpu);
        BundleVerifier.Verify(made, runner.Classifier, runner.Preprocessor);
        var answers = new Evaluator(made).Evaluate("some", runner.Run(SharedNetwork.Images, [])).Answers;
        Assert.All(answers, a => Assert.Equal(a.Verdict.KnownScore < made.Manifest.Detector!.Threshold, a.Verdict.ClassId is null));
        Assert.NotNull(DistanceGraph.Read(File.ReadAllBytes(made.PathOf("stage2.onnx"))));
    }

    [Fact]
    public void A_class_far_from_the_others_is_at_zero_distance_from_its_own_mean_only()
    {
        var dice = new Random(1);
        float[][] features = [.. Enumerable.Range(0, 60).Select(i => Vector(dice, 8, center: i < 30 ? 0 : 10))];
        int[] classes = [.. Enumerable.Range(0, 60).Select(i => i < 30 ? 4 : 7)];
        var distances = FeatureDistances.Fit(features, classes);
        float[] middle = [.. Enumerable.Repeat(10.5f, 8)];
        Assert.InRange(distances.Of(middle)[1], 0, 1);
        Assert.True(distances.Of(middle, id => id == 7)[1] > 10);
    }

    [Fact]
    public void The_relative_distance_ignores_directions_that_do_not_tell_classes_apart()
    {
        var dice = new Random(1);
        float[] Feature(float center) => [.. Vector(dice, 2, center), 20 * (float)dice.NextDouble()];
        float[][] features = [.. Enumerable.Range(0, 200).Select(i => Feature(i % 2 * 10))];
        var distances = FeatureDistances.Fit(features, [.. Enumerable.Range(0, 200).Select(i => i % 2)]);
        var unusual = distances.Of([0.5f, 0.5f, 400]);
        var between = distances.Of([5.5f, 5.5f, 10]);
        Assert.True(unusual[1] > between[1], $"mahalanobis {unusual[1]} and {between[1]}");
        Assert.True(unusual[2] < between[2] / 10, $"relative {unusual[2]} and {between[2]}");
    }

    [Fact]
    public void Distances_of_another_version_are_refused_with_one_line()
    {
        var made = Assemble("older", SharedNetwork.Images);
        var model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(made.PathOf("stage2.onnx")));
        model.Graph.Initializer.Remove(model.Graph.Initializer.Single(i => i.Name == "distance_precisions"));
        var refused = Assert.Throws<UserErrorException>(() => DistanceGraph.Read(model.ToByteArray()));
        Assert.Contains("export the bundle again", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_false_alarms_there_is_no_detector_and_every_image_gets_a_class()
    {
        var made = Assemble("none", SharedNetwork.Images, falseAlarms: 0);
        Assert.Null(made.Manifest.Detector);
        Assert.Equal(BundleManifest.SharedTrunk, made.Manifest.Format);
        using var runner = new BundleRunner(made, ExecutionDevice.Cpu);
        Assert.Equal(0, new Evaluator(made).Evaluate("some", runner.Run(SharedNetwork.Images, [])).UnknownRate);
    }

    [Fact]
    public void An_enrolled_class_gets_a_class_mean_and_a_removed_class_loses_its_own()
    {
        var made = Assemble("classes", SharedNetwork.Images);
        var photos = SharedNetwork.Images.Take(3).Select(i => i.Path).ToArray();
        var part = new NewPart("brand-new", made.Labels.Colors[0], made.Labels.Shapes[0], photos) { Views = 0 };
        var enrolled = new Enrollment(made, part).Run(_root, "2", made.Manifest.Created).Bundle;
        int[] before = Distances(made).Classes;
        Assert.Equal([.. before, made.Labels.Classes.Count], Distances(enrolled).Classes);
        var removed = new ClassRemoval(enrolled, [made.Labels.Classes[before[0]].Name]).Write(_root, "3", made.Manifest.Created);
        Assert.Equal([.. before[1..].Select(id => id - 1), enrolled.Labels.Classes.Count - 2], Distances(removed).Classes);
        Assert.Equal(Distances(enrolled).ClassMeans[1..], Distances(removed).ClassMeans);
        using var runner = new BundleRunner(removed, ExecutionDevice.Cpu);
        BundleVerifier.Verify(removed, runner.Classifier, runner.Preprocessor);
    }

    [Fact]
    public void The_card_describes_the_detector_and_its_figures()
    {
        var made = Assemble("card", SharedNetwork.Images);
        var card = File.ReadAllText(made.PathOf("MODEL_CARD.md"));
        Assert.Contains("holds back 2", card, StringComparison.Ordinal);
        Assert.Contains("* junkAccepted: ", card, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private static FeatureDistances Distances(ModelBundle bundle) => DistanceGraph.Read(File.ReadAllBytes(bundle.PathOf("stage2.onnx")))!;

    private static float[] Vector(Random dice, int size, float center) =>
        [.. Enumerable.Range(0, size).Select(_ => center + (float)dice.NextDouble())];

    private ModelBundle Assemble(string name, IReadOnlyList<LabeledImage> validation, double falseAlarms = 0.02) =>
        SharedNetwork.Assemble(_root, name, _stage, validation, falseAlarms);
}
