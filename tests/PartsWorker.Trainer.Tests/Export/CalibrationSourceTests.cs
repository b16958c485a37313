using PartsWorker.Bundles.Bundle;
using PartsWorker.Inference;
using PartsWorker.Trainer.Data;
using PartsWorker.Trainer.Evaluation;
using PartsWorker.Trainer.Export;
using PartsWorker.Trainer.Losses;
using PartsWorker.Trainer.Lowering;
using PartsWorker.Trainer.Training;
using PartsWorker.Trainer.Training.Steps;
using PartsWorker.Trainer.Training.Weights;

namespace PartsWorker.Trainer.Tests.Export;

/// <summary>Bundles whose calibration comes from another bundle, so that their networks can be trained on all images.</summary>
public sealed class CalibrationSourceTests : IDisposable
{
    private static readonly LabelSet Labels = SomeBundle.Open().Labels;
    private readonly string _root = Directory.CreateTempSubdirectory("parts-calibration-").FullName;
    private readonly TrainedStage _stage = SharedNetwork.Stage();

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void A_bundle_takes_fusion_thresholds_and_detector_from_another_and_verifies()
    {
        var source = Assemble("source", SharedNetwork.Images);
        var made = Assemble("made", [], source);

        Assert.NotNull(made.Manifest.Detector);
        Assert.Equal(source.Manifest.Fusion, made.Manifest.Fusion);
        Assert.Equal(source.Manifest.Thresholds, made.Manifest.Thresholds);
        Assert.Equal(source.Manifest.Detector!.Threshold, made.Manifest.Detector!.Threshold);
        Assert.Equal(source.Manifest.Quality, made.Manifest.Quality);
        Assert.Equal(FeatureDistances.Names, made.Manifest.StageTwo.DistanceNames);
        using var runner = new BundleRunner(made, ExecutionDevice.Cpu);
        Assert.Equal(3, BundleVerifier.Verify(made, runner.Classifier, runner.Preprocessor).Images);
    }

    [Fact]
    public void The_card_names_the_source_and_shows_no_figures_of_it_as_its_own()
    {
        var source = Assemble("source", SharedNetwork.Images);
        var made = Assemble("made", [], source);

        Assert.Empty(made.Manifest.Metrics);
        Assert.False(made.Manifest.Data.ContainsKey("validation"));
        var card = File.ReadAllText(made.PathOf("MODEL_CARD.md"));
        Assert.Contains("that of source@1, whose networks", card, StringComparison.Ordinal);
        Assert.Contains("None: no images were set aside for validation.", card, StringComparison.Ordinal);
        Assert.DoesNotContain("The validation metrics were measured", card, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bundle_of_the_same_labels_and_kind_of_networks_is_accepted()
    {
        var source = Assemble("source", []);
        Assert.Equal("source@1", CalibrationSource.Open(source.Directory, Labels, Run()).Key);
    }

    [Fact]
    public void A_bundle_with_other_classes_is_refused()
    {
        var source = Assemble("source", []);
        var other = Labels with { Classes = [.. Labels.Classes.Select(c => c with { Name = c.Name + "-2" })] };
        Assert.Contains(
            "it has other classes, colors or shapes than the data",
            Refusal(() => CalibrationSource.Open(source.Directory, other, Run())));
    }

    [Fact]
    public void A_bundle_with_another_embedding_or_size_is_refused()
    {
        var source = Assemble("source", []).Directory;
        Assert.Contains(
            "its embedding has 16 numbers and its shared features 64, those of the run have 16 and 32",
            Refusal(() => CalibrationSource.Open(source, Labels, Run(stage: SharedNetwork.Stage(width: 0.0625f)))));
        Assert.Contains("it reads 32 px and the run 48 px", Refusal(() => CalibrationSource.Open(source, Labels, Run(size: 48))));
    }

    private static string Refusal(Func<ModelBundle> open) => Assert.Throws<UserErrorException>(open).Message;

    private TrainedRun Run(int? size = null, TrainedStage? stage = null)
    {
        var (network, tensors) = stage ?? _stage;
        var graph = TrainingGraph.Build(network, new LossSpec(), 2, ConvolutionPlan.StandardOperators);
        var shapes = graph.Parameters.ToDictionary(p => p.Name, p => p.Shape);
        Checkpoint.Save(
            StageRun.CheckpointOf(_root, Stage.One),
            new TrainingOptions { Network = network },
            new Progress(),
            [.. tensors.Select(t => new TensorSource(t.Key, shapes.GetValueOrDefault(t.Key, [t.Value.Length]), () => t.Value))]);
        return TrainedRun.Open(_root, size);
    }

    private ModelBundle Assemble(string name, IReadOnlyList<LabeledImage> validation, ModelBundle? calibrationFrom = null) =>
        SharedNetwork.Assemble(_root, name, _stage, validation, calibrationFrom: calibrationFrom);
}
