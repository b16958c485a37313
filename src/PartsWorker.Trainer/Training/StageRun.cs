using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Trainer.Data;

namespace PartsWorker.Trainer.Training;

/// <summary>One stage of one run on one data set: opens the images, runs the loop, leaves <c>one.ckpt</c> or <c>two.ckpt</c>.</summary>
/// <param name="Data">Class folders and labels.</param>
/// <param name="Folder">Receives checkpoints, logs and events.</param>
/// <param name="Cache">Where decoded images are kept.</param>
/// <param name="ValidationShare">Share of each class set aside.</param>
/// <param name="FeedThreads">Threads that augment ahead of the step.</param>
internal sealed record StageRun(DataFolder Data, string Folder, string Cache, double ValidationShare, int FeedThreads)
{
    // Augmentation cuts and turns: the images it starts from are a third larger than what the network sees.
    private const double Margin = 4.0 / 3;
    private const double CalmFrom = 0.85;

    public static string CheckpointOf(string folder, string stage) => Path.Combine(folder, stage + ".ckpt");

    /// <summary>Side at which images are kept for a network of this input.</summary>
    public static int CachedSide(int inputSize) => (int)Math.Ceiling(inputSize * Margin / 16) * 16;

    public Ending Run(string stage, StagePlan plan, IReadOnlyDictionary<string, float[]>? start, TextWriter console, bool terminal, CancellationToken stop)
    {
        var decoder = ImageDecoders.Create();
        using var large = Open(decoder, CachedSide(plan.Options.Network.InputSize), stop);
        using var exact = Open(decoder, plan.Options.Network.InputSize, stop);
        using var small = Open(decoder, ValidationSplit.Side, stop);
        var split = ValidationSplit.Create(small, ValidationShare, plan.Options.Seed);
        var options = Complete(plan, split.Train.Length);
        var checkpoint = CheckpointOf(Folder, stage);
        if (File.Exists(checkpoint))
        {
            options = Checkpoint.Load(checkpoint).Options;
        }

        using var log = new TrainingLog(stage == "one" ? "stage1" : "stage2", Folder, console, terminal, TimeProvider.System);
        log.StepsPerEpoch = StepsPerEpoch(options, split.Train.Length);
        foreach (var skipped in large.Skipped)
        {
            log.Note($"skipped {skipped.Path}: {skipped.Reason}");
        }

        var validator = new Validator(exact, split.Validation, Data.Labels, options.Loss, options.Threads);
        return new TrainingLoop(options, checkpoint, log).Run(
            first => Feed(large, split.Train, plan.Augmentation, options, first),
            split.Validation.Length > 0 ? validator.Measure : null,
            start,
            stop);
    }

    private PixelCache Open(IImageDecoder decoder, int size, CancellationToken stop) =>
        new PixelCacheBuilder(Data, Cache, size, decoder).Build(null, stop);

    private TrainingOptions Complete(StagePlan plan, int images)
    {
        var labels = Data.Labels;
        var batch = Math.Min(plan.Options.BatchSize, images);
        var perEpoch = Math.Max(1, images / batch);
        var options = plan.Options with
        {
            BatchSize = batch,
            Steps = plan.Options.Steps > 0 ? plan.Options.Steps : (long)plan.Epochs * perEpoch,
            Network = plan.Options.Network with { Classes = labels.Classes.Count, Colors = labels.Colors.Count, Shapes = labels.Shapes.Count },
        };
        return options with { ValidateEvery = options.ValidateEvery > 0 ? options.ValidateEvery : perEpoch * Math.Max(1, plan.Epochs / 10) };
    }

    private static int StepsPerEpoch(TrainingOptions options, int images) => Math.Max(1, images / options.BatchSize);

    private BatchFeeder Feed(PixelCache cache, int[] images, AugmentationOptions augmentation, TrainingOptions options, long first) =>
        new(cache, images, Data.Labels, new BatchFeederOptions
        {
            BatchSize = options.BatchSize,
            InputSize = options.Network.InputSize,
            Seed = options.Seed,
            Threads = FeedThreads,
            FirstStep = first,
            Augmentation = augmentation,
            FinalAugmentation = augmentation.Calmed(),
            FinalFromStep = (long)(options.Steps * CalmFrom),
        });
}
