using PartsWorker.Trainer.Export;
using PartsWorker.Trainer.Losses;
using PartsWorker.Trainer.Lowering;
using PartsWorker.Trainer.Networks;
using PartsWorker.Trainer.Tests.Networks;
using PartsWorker.Trainer.Training;
using PartsWorker.Trainer.Training.Steps;
using PartsWorker.Trainer.Training.Weights;

namespace PartsWorker.Trainer.Tests.Export;

public sealed class TrainedRunTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("parts-run-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_run_with_a_shared_trunk_needs_one_checkpoint()
    {
        Save(SomeNetwork.Embedder with { Head = HeadKind.Shared, Colors = 4, Shapes = 2 });
        var run = TrainedRun.Open(_folder);
        Assert.Equal((32, 16, 64), (run.InputSize, run.EmbeddingSize, run.FeatureSize));
        Assert.Equal(["both stages, one trunk"], run.Summary().Keys);
    }

    [Fact]
    public void A_run_without_its_meta_model_says_how_to_train_it()
    {
        Save(SomeNetwork.Embedder);
        var error = Assert.Throws<UserErrorException>(() => TrainedRun.Open(_folder));
        Assert.Contains("two.ckpt not found; train it first", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_networks_with_different_rules_for_16_bits_are_refused()
    {
        Save(SomeNetwork.Embedder, sixteenBit: "12");
        Save(SomeNetwork.Embedder with { Head = HeadKind.Meta, Colors = 4, Shapes = 2 }, Stage.Two);
        var error = Assert.Throws<UserErrorException>(() => TrainedRun.Open(_folder));
        Assert.Contains("--sixteen-bit", error.Message, StringComparison.Ordinal);

        Save(SomeNetwork.Embedder with { Head = HeadKind.Meta, Colors = 4, Shapes = 2 }, Stage.Two, "12");
        Assert.Equal("12", TrainedRun.Open(_folder).SixteenBit);
    }

    private void Save(NetworkSpec network, Stage stage = Stage.One, string? sixteenBit = null)
    {
        var graph = TrainingGraph.Build(network, new LossSpec(), 2, ConvolutionPlan.StandardOperators);
        var tensors = Truth.Weights(graph.Parameters, graph.Statistics);
        var shapes = graph.Parameters.ToDictionary(p => p.Name, p => p.Shape);
        Checkpoint.Save(
            StageRun.CheckpointOf(_folder, stage),
            new TrainingOptions { Network = network, SixteenBit = sixteenBit },
            new Progress(),
            [.. tensors.Select(t => new TensorSource(t.Key, shapes.GetValueOrDefault(t.Key, [t.Value.Length]), () => t.Value))]);
    }
}
