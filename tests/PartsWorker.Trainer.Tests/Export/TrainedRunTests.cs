using PartsWorker.Trainer.Export;
using PartsWorker.Trainer.Graph.Proto;
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
    public void A_bundle_reads_the_size_of_the_preset_or_the_given_one_with_the_same_weights()
    {
        Save(SomeNetwork.Embedder with { Head = HeadKind.Shared, Colors = 4, Shapes = 2 }, servingSize: 40);
        var planned = TrainedRun.Open(_folder);
        Assert.Equal(40, planned.InputSize);
        Assert.Equal("32 px", planned.Summary()[TrainedSize.DataKey]);
        Assert.Equal([-1, 40, 40, 3], InputOf(planned));

        var given = TrainedRun.Open(_folder, 48);
        Assert.Equal(48, given.InputSize);
        Assert.Equal([-1, 48, 48, 3], InputOf(given));
        Assert.False(TrainedRun.Open(_folder, 32).Summary().ContainsKey(TrainedSize.DataKey));
    }

    [Fact]
    public void A_network_with_layers_for_one_size_is_not_exported_at_another()
    {
        var embedder = SomeNetwork.Embedder with { Backbone = "mobilefacenet", InputSize = 64 };
        Save(embedder);
        Save(embedder with { Head = HeadKind.Meta, Colors = 4, Shapes = 2 }, Stage.Two);
        Assert.Equal(64, TrainedRun.Open(_folder).InputSize);
        var error = Assert.Throws<UserErrorException>(() => TrainedRun.Open(_folder, 96));
        Assert.StartsWith("--size 96: mobilefacenet has layers for 64 px", error.Message, StringComparison.Ordinal);
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

    [Fact]
    public void Two_networks_that_set_different_images_aside_are_refused()
    {
        Save(SomeNetwork.Embedder, seed: 2);
        Save(SomeNetwork.Embedder with { Head = HeadKind.Meta, Colors = 4, Shapes = 2 }, Stage.Two);
        var error = Assert.Throws<UserErrorException>(() => TrainedRun.Open(_folder));
        Assert.Contains("the embedder and the meta model set different images aside", error.Message, StringComparison.Ordinal);
    }

    private static long[] InputOf(TrainedRun run)
    {
        var graph = ModelProto.Parser.ParseFrom(run.ToOnnx(WeightStorage.Fp32, mirrored: false).StageOne).Graph;
        var image = graph.Input.Single(i => i.Name == Network.InputName);
        return [.. image.Type.TensorType.Shape.Dim.Select(d => d.DimParam.Length > 0 ? -1 : d.DimValue)];
    }

    private void Save(NetworkSpec network, Stage stage = Stage.One, string? sixteenBit = null, int servingSize = 0, int seed = 1)
    {
        var graph = TrainingGraph.Build(network, new LossSpec(), 2, ConvolutionPlan.StandardOperators);
        var tensors = Truth.Weights(graph.Parameters, graph.Statistics);
        var shapes = graph.Parameters.ToDictionary(p => p.Name, p => p.Shape);
        Checkpoint.Save(
            StageRun.CheckpointOf(_folder, stage),
            new TrainingOptions { Network = network, SixteenBit = sixteenBit, ServingSize = servingSize, Seed = seed },
            new Progress(),
            [.. tensors.Select(t => new TensorSource(t.Key, shapes.GetValueOrDefault(t.Key, [t.Value.Length]), () => t.Value))]);
    }
}
