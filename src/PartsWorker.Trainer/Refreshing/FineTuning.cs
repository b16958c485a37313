using PartsWorker.Inference;
using PartsWorker.Trainer.Networks;
using PartsWorker.Trainer.Training;

namespace PartsWorker.Trainer.Refreshing;

/// <summary>
/// The short schedule of a refresh: few epochs at a fraction of the preset's rate, all layers trained, one input size. Loss, augmentation
/// and batch size are those of the preset.
/// </summary>
internal sealed record FineTuning
{
    /// <summary>Name of the schedule in checkpoints.</summary>
    public const string Name = "refresh";

    private const float RateShare = 0.25f;
    private const int DefaultEpochs = 4;
    private const int MostWarmupSteps = 30;

    // The share of the run that a warm-up takes at most.
    private const double WarmupShare = 0.1;

    /// <summary>The preset whose loss and augmentation apply; null = the first one with the network of the bundle.</summary>
    public string? Preset { get; init; }

    /// <summary>Passes over the training images; null = 4.</summary>
    public int? Epochs { get; init; }

    /// <summary>Peak learning rate; null = a quarter of the preset's.</summary>
    public float? LearningRate { get; init; }

    /// <summary>Images per step; null = the preset's.</summary>
    public int? BatchSize { get; init; }

    /// <summary>Random seed; null = 1.</summary>
    public int? Seed { get; init; }

    /// <summary>Threads per training step; null or 0 = all cores.</summary>
    public int? Threads { get; init; }

    /// <summary>Where to train; null = on the CPU.</summary>
    public ExecutionDevice? Device { get; init; }

    /// <summary>The plan of one network.</summary>
    /// <param name="network">The architecture in the bundle.</param>
    /// <param name="weights">File with the weights to start from.</param>
    /// <param name="images">Number of training images.</param>
    /// <param name="sixteenBit">How the bundle makes 8 bits of 16; null = the default rule.</param>
    /// <exception cref="UserErrorException">There is no such preset, or it trains another kind of network.</exception>
    public StagePlan PlanFor(NetworkSpec network, string weights, int images, string? sixteenBit)
    {
        var preset = Find(network).Options;
        var (epochs, batch) = (Epochs ?? DefaultEpochs, BatchSize ?? preset.BatchSize);
        var warmup = Math.Min(MostWarmupSteps, (int)(WarmupShare * epochs * images / batch));
        var given = new (object? Value, GivenOption Option)[]
        {
            (Epochs, new("--epochs", o => o.Epochs)),
            (LearningRate, new("--lr", o => o.Optimizer.LearningRate)),
            (BatchSize, new("--batch", o => o.BatchSize)),
            (Seed, new("--seed", o => o.Seed)),
            (Threads, new("--threads", o => o.Threads)),
            (Device, new("--device", o => o.Device)),
        };
        return new(preset with
        {
            Preset = Name,
            Network = preset.Network with
            {
                Backbone = network.Backbone, Head = network.Head, InputSize = network.InputSize, Width = network.Width,
                Embedding = network.Embedding, Lambda = network.Lambda, Hidden = network.Hidden, ImageNetPixels = network.ImageNetPixels,
            },
            Optimizer = preset.Optimizer with
            {
                LearningRate = LearningRate ?? preset.Optimizer.LearningRate * RateShare, HeadRate = 1,
            },
            // The centers fit the embedding from the start, so the margin needs no long warm-up.
            Schedule = new Schedule { WarmupSteps = warmup, MarginFrom = 0, MarginTo = 0.2 },
            Sizes = [],
            ServingSize = 0,
            SixteenBit = sixteenBit,
            Epochs = epochs,
            Steps = 0,
            Minutes = 0,
            Freeze = [],
            Patience = 0,
            BatchSize = batch,
            Seed = Seed ?? 1,
            Threads = Threads ?? 0,
            Device = Device ?? ExecutionDevice.Cpu,
            Weights = weights,
        })
        {
            Given = [.. given.Where(g => g.Value is not null).Select(g => g.Option)],
        };
    }

    private StagePlan Find(NetworkSpec network)
    {
        var fitting = Presets.All
            .Select(p => (p.Name, Plan: network.Head == HeadKind.Meta ? p.Two : p.One))
            .Where(p => p.Plan?.Options.Network.Head == network.Head)
            .ToArray();
        if (Preset is null)
        {
            var same = Array.Find(fitting, p => p.Plan!.Options.Network.Backbone == network.Backbone);
            return same.Plan ?? fitting[0].Plan!;
        }

        return Array.Find(fitting, p => p.Name == Preset).Plan ?? throw new UserErrorException(
            $"--preset {Preset}: must be one of {string.Join(", ", fitting.Select(p => p.Name))} for the networks of this bundle");
    }
}
