using PartsWorker.Trainer.Export;
using PartsWorker.Trainer.Losses;
using PartsWorker.Trainer.Lowering;
using PartsWorker.Trainer.Networks;
using PartsWorker.Trainer.Tests.Networks;
using PartsWorker.Trainer.Training;
using PartsWorker.Trainer.Training.Steps;
using PartsWorker.Trainer.Training.Weights;

namespace PartsWorker.Trainer.Tests.Training;

public sealed class RunAverageTests : IDisposable
{
    private static readonly NetworkSpec Network = SomeNetwork.Embedder with { Head = HeadKind.Shared, Colors = 4, Shapes = 2 };
    private readonly string _folder = Directory.CreateTempSubdirectory("parts-average-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void An_average_has_the_mean_of_the_weights_and_of_the_running_statistics()
    {
        var runs = Load(Save(11, value: 1), Save(12, value: 4));
        var path = Path.Combine(_folder, "one.ckpt");
        RunAverage.Write(path, runs);

        var tensors = Checkpoint.LoadWeights(path).ToStage().Tensors;
        Assert.Equal(runs[0].Result.Keys, tensors.Keys);
        Assert.Contains("bn1.running_var", tensors.Keys);
        Assert.All(tensors.Values, t => Assert.All(t, v => Assert.Equal(2.5f, v)));
    }

    [Fact]
    public void The_average_is_exported_as_a_complete_run_that_names_its_seeds_and_the_time_of_all_runs()
    {
        RunAverage.Write(Path.Combine(_folder, "one.ckpt"), Load(Save(11), Save(12), Save(13)));
        var summary = TrainedRun.Open(_folder).Summary()["both stages, one trunk"];
        Assert.EndsWith("mean of 3 runs with seeds 11, 12, 13, 6.0 minutes", summary, StringComparison.Ordinal);
    }

    [Fact]
    public void A_single_run_cannot_be_averaged()
    {
        Assert.Equal("--run: give at least two runs to average", Refusal(Save(11)));
    }

    [Fact]
    public void A_run_that_is_not_complete_cannot_be_averaged()
    {
        Assert.EndsWith(
            "run-12: cannot be averaged: it is not complete (step 3 of 5); continue it with train",
            Refusal(Save(11), Save(12, step: 3)),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "random weights")]
    [InlineData("resnet18-imagenet", "resnet18-imagenet")]
    public void Runs_with_a_new_embedding_layer_each_cannot_be_averaged(string? weights, string named)
    {
        Assert.Contains($"it started from {named}, and its embedding layer from random", Refusal(Save(1, weights: weights), Save(2)));
    }

    [Fact]
    public void Runs_from_different_weights_cannot_be_averaged()
    {
        Assert.Contains("it started from other.ckpt, but", Refusal(Save(11), Save(12, weights: "other.ckpt")));
    }

    [Fact]
    public void Runs_of_different_networks_cannot_be_averaged()
    {
        Assert.Contains("it has another network than", Refusal(Save(11), Save(12, network: Network with { Embedding = 8 })));
    }

    [Fact]
    public void A_run_that_trained_on_the_validation_images_of_another_cannot_be_averaged_with_it()
    {
        Assert.Contains("it set other images aside", Refusal(Save(11), Save(12, validationSeed: 2)));
        Assert.Contains("it set other images aside", Refusal(Save(11, validationSeed: null), Save(12, validationSeed: null)));
    }

    [Fact]
    public void Runs_that_left_out_other_classes_or_read_16_bits_by_another_rule_cannot_be_averaged()
    {
        Assert.Contains("it left out other classes", Refusal(Save(11), Save(12, change: o => o with { ClassFolds = 2, ClassFold = 1 })));
        Assert.Contains("it has another rule of --sixteen-bit", Refusal(Save(11), Save(12, change: o => o with { SixteenBit = "12" })));
    }

    private static IReadOnlyList<Checkpoint> Load(params string[] runs) => RunAverage.Load(runs, Stage.One);

    private static string Refusal(params string[] runs) => Assert.Throws<UserErrorException>(() => Load(runs)).Message;

    private string Save(
        int seed,
        float value = 1,
        int step = 5,
        string? weights = "base.ckpt",
        NetworkSpec? network = null,
        int? validationSeed = 1,
        Func<TrainingOptions, TrainingOptions>? change = null)
    {
        var spec = network ?? Network;
        var graph = TrainingGraph.Build(spec, new LossSpec(), 2, ConvolutionPlan.StandardOperators);
        var tensors = graph.Parameters.Select(p => (p.Name, p.Shape))
            .Concat(graph.Statistics.SelectMany(s => new[] { (s.MeanName, new[] { s.Channels }), (s.VarianceName, [s.Channels]) }))
            .Select(t => new TensorSource(t.Item1, t.Item2, () => Filled(t.Item2, value)));
        var run = Directory.CreateDirectory(Path.Combine(_folder, $"run-{seed}")).FullName;
        var options = new TrainingOptions
        {
            Network = spec,
            Steps = 5,
            Seed = seed,
            ValidationSeed = validationSeed,
            Weights = weights,
        };
        options = change?.Invoke(options) ?? options;
        Checkpoint.Save(StageRun.CheckpointOf(run, Stage.One), options, new() { Step = step, Seconds = 120 }, [.. tensors]);
        return run;
    }

    private static float[] Filled(int[] shape, float value)
    {
        var tensor = new float[shape.Aggregate(1, (product, d) => product * d)];
        Array.Fill(tensor, value);
        return tensor;
    }
}
