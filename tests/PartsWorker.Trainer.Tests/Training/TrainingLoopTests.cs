using PartsWorker.Trainer.Losses;
using PartsWorker.Trainer.Tests.Networks;
using PartsWorker.Trainer.Training;
using PartsWorker.Trainer.Training.Steps;

namespace PartsWorker.Trainer.Tests.Training;

public sealed class TrainingLoopTests : IDisposable
{
    private const int Steps = 12;
    private readonly string _folder = Directory.CreateTempSubdirectory("trainer").FullName;
    private readonly StringWriter _console = new();
    private readonly List<int> _opened = [];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_run_learns_a_simple_task()
    {
        Run("learn", Options with { Steps = 60, Optimizer = new OptimizerOptions { LearningRate = 5e-3f } });
        var rows = System.IO.File.ReadAllLines(Path.Combine(_folder, "learn.csv"));
        Assert.Equal("step,epoch,images,seconds,loss,accuracy,learning_rate,val_loss,val_top1", rows[0]);
        Assert.True(double.Parse(rows[^1].Split(',')[5]) > 0.8, rows[^1]);
    }

    [Fact]
    public void The_same_seed_gives_the_same_weights_and_another_seed_others()
    {
        var first = Weights("a", Options);
        Assert.Equal(first, Weights("b", Options));
        Assert.NotEqual(first, Weights("c", Options with { Seed = 2 }));
    }

    [Fact]
    public void A_stopped_and_resumed_run_ends_at_the_same_weights()
    {
        var whole = Weights("whole", Options);
        using var stop = new CancellationTokenSource();
        Assert.Equal(Ending.Interrupted, Run("parts", Options, stop, stopAt: 5));
        Assert.Equal(Ending.Complete, Run("parts", Options));
        Assert.Equal(whole, SavedNumbers.Of(File("parts")));
    }

    [Fact]
    public void A_run_killed_between_two_checkpoints_repeats_the_steps_since_the_last_one()
    {
        var whole = Weights("whole", Options);
        Assert.Throws<InvalidOperationException>(() => Run("killed", Options with { CheckpointEvery = 4 }, failAt: 7));
        Assert.Equal(4, Checkpoint.Load(File("killed")).Progress.Step);
        Run("killed", Options with { CheckpointEvery = 4 });
        Assert.Equal(whole, SavedNumbers.Of(File("killed")));
    }

    [Fact]
    public void A_learning_rate_that_is_too_high_stops_with_the_step_and_a_suggestion()
    {
        var wild = Options with { Optimizer = new OptimizerOptions { Kind = OptimizerKind.Sgd, LearningRate = 1e30f, ClipNorm = 0 } };
        var error = Assert.Throws<UserErrorException>(() => Run("wild", wild));
        Assert.Matches(@"^step \d+: the loss is no longer finite .* try --lr 1e\+29", error.Message);
    }

    [Fact]
    public void A_full_disk_keeps_the_last_checkpoint()
    {
        Run("full", Options with { Steps = 4 });
        Directory.CreateDirectory(File("full") + ".tmp");
        var saved = Checkpoint.Load(File("full"));
        Assert.Throws<UnauthorizedAccessException>(() => Checkpoint.Save(File("full"), saved.Options, saved.Progress, []));
        Assert.Equal(4, Checkpoint.Load(File("full")).Progress.Step);
    }

    [Theory]
    [InlineData("Sgd", 0.1f)]
    [InlineData("Adam", 3e-3f)]
    public void Every_optimizer_learns(string kind, float rate)
    {
        var rule = new OptimizerOptions
        {
            Kind = Enum.Parse<OptimizerKind>(kind),
            LearningRate = rate,
            WeightDecay = 1e-4f,
            Nesterov = true,
        };
        Run("o" + kind, Options with { Steps = 60, Optimizer = rule });
        Assert.True(double.Parse(System.IO.File.ReadAllLines(Path.Combine(_folder, $"o{kind}.csv"))[^1].Split(',')[5]) > 0.7);
    }

    [Fact]
    public void Frozen_parameters_keep_their_values()
    {
        var frozen = Options with { Freeze = ["conv1", "bn1"], Averaging = 0 };
        Run("frozen", frozen);
        Run("start", frozen with { Steps = 1 });
        var (after, before) = (Tensors("frozen"), Tensors("start"));
        Assert.Equal(before["conv1.weight"], after["conv1.weight"]);
        Assert.NotEqual(before["layer1.0.conv1.weight"], after["layer1.0.conv1.weight"]);
    }

    [Fact]
    public void A_prefix_that_freezes_nothing_is_refused_before_it_trains()
    {
        var error = Assert.Throws<UserErrorException>(() => Run("mistyped", Options with { Freeze = ["conv1", "layr1"] }));
        Assert.Equal("--freeze layr1: no parameter of resnet18s begins so; its first one is conv1.weight", error.Message);
        Assert.Empty(_opened);
    }

    [Fact]
    public void A_run_with_rising_sizes_trains_each_part_at_its_size_and_resumes_in_any_of_them()
    {
        var rising = Options with { Sizes = [new SizePhase(16, 0), new SizePhase(32, 0.5)] };
        var whole = Weights("whole", rising);
        Assert.Equal([16, 32], _opened);
        using var stop = new CancellationTokenSource();
        Assert.Equal(Ending.Interrupted, Run("parts", rising, stop, stopAt: 8));
        _opened.Clear();
        Run("parts", rising);
        Assert.Equal([32], _opened);
        Assert.Equal(whole, SavedNumbers.Of(File("parts")));
    }

    [Fact]
    public void A_network_with_layers_for_one_size_is_refused_before_it_trains()
    {
        var network = Options.Network with { Backbone = "mobilefacenet", InputSize = 64 };
        var error = Assert.Throws<UserErrorException>(
            () => Run("fixed", Options with { Network = network, Sizes = [new SizePhase(48, 0), new SizePhase(64, 0.5)] }));
        Assert.StartsWith("--sizes: mobilefacenet has layers for one input size", error.Message, StringComparison.Ordinal);
        Assert.Empty(_opened);
    }

    [Fact]
    public void Layers_after_the_backbone_learn_at_their_own_rate()
    {
        var plain = new OptimizerOptions { Kind = OptimizerKind.Sgd, LearningRate = 0.01f, WeightDecay = 0, ClipNorm = 0 };
        var once = Options with { Steps = 1, Averaging = 0, Optimizer = plain, Network = Options.Network with { Dropout = 0 } };
        Run("start", once with { Optimizer = plain with { LearningRate = 0 } });
        Run("plain", once);
        Run("faster", once with { Optimizer = plain with { HeadRate = 4 } });
        Assert.Equal(4, Change("faster", "embedding.weight") / Change("plain", "embedding.weight"), 0.01);
        Assert.Equal(1, Change("faster", "conv1.weight") / Change("plain", "conv1.weight"), 0.01);
    }

    private double Change(string name, string tensor) =>
        Tensors(name)[tensor].Zip(Tensors("start")[tensor], (after, before) => Math.Abs((double)after - before)).Sum();

    private static TrainingOptions Options => new()
    {
        Network = SomeNetwork.Embedder with { Dropout = 0.1f },
        Loss = new LossSpec { Scale = 10, M = 0.2f },
        Schedule = new Schedule { WarmupSteps = 2 },
        BatchSize = 16,
        Steps = Steps,
        Threads = 1,
    };

    private string File(string name) => Path.Combine(_folder, name + ".ckpt");

    private IReadOnlyDictionary<string, float[]> Tensors(string name) => Checkpoint.LoadWeights(File(name)).ToStage().Tensors;

    private float[] Weights(string name, TrainingOptions options)
    {
        Run(name, options);
        return SavedNumbers.Of(File(name));
    }

    private Ending Run(string name, TrainingOptions options, CancellationTokenSource? stop = null, long stopAt = -1, long failAt = -1)
    {
        using var log = new TrainingLog(name, _folder, _console, terminal: false, TimeProvider.System);
        return new TrainingLoop(options, File(name), log).Run(
            (size, first) =>
            {
                _opened.Add(size);
                return new MadeUpBatches(options.BatchSize, size, 4, first)
                {
                    Before = step =>
                    {
                        if (step == stopAt)
                        {
                            stop!.Cancel();
                        }

                        if (step == failAt)
                        {
                            throw new InvalidOperationException("simulated crash");
                        }
                    },
                };
            },
            null,
            stop?.Token ?? CancellationToken.None);
    }
}
