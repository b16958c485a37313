using PartsWorker.Trainer.Losses;
using PartsWorker.Trainer.Lowering;
using PartsWorker.Trainer.Tests.Networks;
using PartsWorker.Trainer.Training;
using PartsWorker.Trainer.Training.Steps;
using PartsWorker.Trainer.Training.Weights;

namespace PartsWorker.Trainer.Tests.Training;

public sealed class CheckpointTests : IDisposable
{
    private static readonly TrainingOptions Options = new() { Network = SomeNetwork.Embedder, Steps = 8, StepsPerEpoch = 2, Seed = 3 };
    private readonly string _folder = Directory.CreateTempSubdirectory("checkpoint-").FullName;

    private string File => Path.Combine(_folder, "one.ckpt");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Tensors_have_the_names_and_shapes_of_PyTorch()
    {
        Save(ConvolutionPlan.StandardOperators);
        var file = SafetensorsFile.Read(File);
        foreach (
            var prefix in new[] { string.Empty, CheckpointTensors.Average, CheckpointTensors.FirstMoment, CheckpointTensors.SecondMoment })
        {
            Assert.Equal([8, 3, 3, 3], file.Tensors[prefix + "conv1.weight"].Shape);
        }

        Assert.Equal([8], file.Tensors["bn1.running_mean"].Shape);
        Assert.DoesNotContain(CheckpointTensors.FirstMoment + "bn1.running_mean", file.Tensors.Keys);
        Assert.Equal(("5", "2", "3"), (file.Metadata["step"], file.Metadata["epoch"], file.Metadata["seed"]));
    }

    [Fact]
    public void A_run_can_continue_with_another_kernel_layout()
    {
        var saved = Save(new ConvolutionPlan());
        using var other = Create(ConvolutionPlan.StandardOperators, seed: 4);
        other.State.Restore(Checkpoint.Load(File));
        Assert.NotEqual(saved.Network.All, other.Network.All.ToArray());
        Assert.Equal(saved.Network.Tensors, other.Network.Export(other.Network.All));
        Assert.Equal(saved.Average, other.Network.Export(other.Average.Values));
        Assert.Equal(saved.First, other.Network.Export(other.Optimizer.First));
        Assert.Equal(saved.Second, other.Network.Export(other.Optimizer.Second));
    }

    [Fact]
    public void The_average_is_exported_and_used_as_initial_weights()
    {
        var saved = Save(new ConvolutionPlan());
        var stage = Checkpoint.LoadWeights(File).ToStage();
        Assert.Equal(Options.Network, stage.Network);
        Assert.Equal(saved.Average, stage.Tensors);
        Assert.Equal(saved.Average["conv1.weight"], WeightFile.Read(File)["conv1.weight"].Data);
    }

    [Fact]
    public void Options_and_progress_are_restored()
    {
        Save(new ConvolutionPlan());
        var header = Checkpoint.LoadHeader(File);
        Assert.Equal(Options.Network, header.Options.Network);
        Assert.Equal(new Progress { Step = 5, Seconds = 1.5 }, header.Progress);
        Assert.False(header.IsComplete);
    }

    [Theory]
    [InlineData(0, 3, false)]
    [InlineData(4, 3, false)]
    [InlineData(3, 3, true)]
    public void A_run_that_its_patience_ended_is_complete(int patience, int stalled, bool complete)
    {
        Checkpoint.Save(File, Options with { Patience = patience }, new() { Step = 5, Stalled = stalled }, []);
        Assert.Equal(complete, Checkpoint.LoadHeader(File).IsComplete);
    }

    [Fact]
    public void A_checkpoint_of_an_older_version_is_rejected_with_one_line()
    {
        System.IO.File.WriteAllBytes(File, [.. "PWC1"u8, .. new byte[100]]);
        var error = Assert.Throws<UserErrorException>(() => Checkpoint.Load(File));
        Assert.StartsWith($"{File}: an older version of partstrainer wrote this checkpoint", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(6)]
    [InlineData(100)]
    [InlineData(20_000)]
    public void A_truncated_checkpoint_is_rejected_with_one_line(int length)
    {
        Save(new ConvolutionPlan());
        System.IO.File.WriteAllBytes(File, System.IO.File.ReadAllBytes(File)[..length]);
        var error = Assert.Throws<UserErrorException>(() => Checkpoint.Load(File));
        Assert.StartsWith($"{File}: not a safetensors file, or damaged: ", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Another_safetensors_file_is_not_a_checkpoint()
    {
        using (var file = System.IO.File.Create(File))
        {
            SafetensorsWriter.Write(file, new Dictionary<string, string>(), [new TensorSource("w", [2], () => [1, 2])]);
        }

        Assert.Equal([1, 2], SafetensorsFile.Read(File).Tensors["w"].Data);
        var error = Assert.Throws<UserErrorException>(() => Checkpoint.Load(File));
        Assert.Equal($"{File}: not a partstrainer checkpoint", error.Message);
    }

    private static Parts Create(ConvolutionPlan plan, int seed)
    {
        var network = new NetworkState(TrainingGraph.Build(Options.Network, new LossSpec(), 2, plan));
        network.Initialize(seed);
        var optimizer = new Optimizer(Options.Optimizer, [], network.All.Length);
        var average = new WeightAverage(Options.Averaging, network.All.Length);
        average.Reset(network.All);
        return new Parts(network, optimizer, average);
    }

    /// <summary>Saves numbers that differ between tensors and between blocks.</summary>
    private Saved Save(ConvolutionPlan plan)
    {
        using var parts = Create(plan, seed: 3);
        var network = parts.Network;
        foreach (var place in network.Places.Where(p => p.IsTrained))
        {
            var count = place.Shape.Aggregate(1, (product, d) => product * d);
            place.Write(Truth.Numbers("m" + place.Name, count), parts.Optimizer.First);
            place.Write(Truth.Numbers("v" + place.Name, count), parts.Optimizer.Second);
            place.Write(Truth.Numbers("a" + place.Name, count), parts.Average.Values);
        }

        Checkpoint.Save(File, Options, new Progress { Step = 5, Seconds = 1.5 }, parts.State.Tensors());
        return new Saved(
            (network.All.ToArray(), network.Export(network.All)),
            network.Export(parts.Average.Values),
            network.Export(parts.Optimizer.First),
            network.Export(parts.Optimizer.Second));
    }

    private sealed record Parts(NetworkState Network, Optimizer Optimizer, WeightAverage Average) : IDisposable
    {
        public RunState State => new(Network, Optimizer, Average);

        public void Dispose() => Network.Dispose();
    }

    private sealed record Saved(
        (float[] All, Dictionary<string, float[]> Tensors) Network,
        Dictionary<string, float[]> Average,
        Dictionary<string, float[]> First,
        Dictionary<string, float[]> Second);
}
