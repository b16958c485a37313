using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Trainer.Data;
using PartsWorker.Trainer.Training.Weights;

namespace PartsWorker.Trainer.Training;

/// <summary>Trains one network of a run on a data set and writes <c>one.ckpt</c> or <c>two.ckpt</c>.</summary>
/// <param name="Data">Images and labels.</param>
/// <param name="Folder">Folder for checkpoints and logs.</param>
/// <param name="Cache">Folder for decoded images.</param>
/// <param name="FeedThreads">Threads that augment ahead of the step.</param>
/// <param name="Console">Receives progress lines.</param>
/// <param name="Terminal">Whether the console is a terminal, which allows a progress bar.</param>
internal sealed record StageRun(DataFolder Data, string Folder, string Cache, int FeedThreads, TextWriter Console, bool Terminal)
{
    // Augmentation crops and rotates, so cached images are a third larger than the network's input.
    private const double Margin = 4.0 / 3;
    private const double FinalStepsFrom = 0.85;
    private const int Validations = 10;

    public static string CheckpointOf(string folder, Stage stage) => Path.Combine(folder, $"{stage}.ckpt".ToLowerInvariant());

    /// <summary>Side of the cached images for a network of this input size.</summary>
    public static int CachedSide(int inputSize) => (int)Math.Ceiling(inputSize * Margin / 16) * 16;

    /// <summary>Starts the run, or continues it with the options that it was started with.</summary>
    public Ending Run(Stage stage, StagePlan plan, CancellationToken stop)
    {
        var checkpoint = CheckpointOf(Folder, stage);
        var saved = File.Exists(checkpoint) ? Checkpoint.LoadHeader(checkpoint) : null;
        if (saved is null && StartingWeights.Chosen(plan.Options.Weights) is { } weights)
        {
            WeightFile.Find(weights);
        }

        var known = this with { Data = (saved?.Options ?? plan.Options).ImagesOf(Data) };
        return known.Run(stage, plan, checkpoint, saved, stop);
    }

    /// <summary>Measures trained networks on the images that their runs set aside; all runs must set the same images aside.</summary>
    public IReadOnlyList<Validation> Measure(IReadOnlyList<Checkpoint> runs, int threads, CancellationToken stop)
    {
        var options = runs[0].Options;
        var known = this with { Data = options.ImagesOf(Data) };
        var decoder = ImageDecoders.Create(ImageDecoders.CheaperFor(DecodeScale.Full));
        using var small = known.Open(decoder, ValidationSplit.Side, options, stop);
        var split = ValidationSplit.Create(small, options.ValidationShare, options.SplitSeed);
        using var exact = known.Open(decoder, options.Network.InputSize, options, stop);
        if (split.Validation.Length == 0)
        {
            return [];
        }

        var validator = new Validator(exact, split.Validation, known.Data.Labels, options.Loss, threads);
        return [.. runs.Select(r => validator.Measure(r.ToStage()))];
    }

    private Ending Run(Stage stage, StagePlan plan, string checkpoint, Checkpoint? saved, CancellationToken stop)
    {
        var decoder = ImageDecoders.Create(ImageDecoders.CheaperFor(DecodeScale.Full));
        var started = saved?.Options ?? plan.Options;
        using var small = Open(decoder, ValidationSplit.Side, started, stop);
        var split = ValidationSplit.Create(small, started.ValidationShare, started.SplitSeed);
        var wanted = Complete(plan.Options, split.Train.Length);
        if (saved is not null)
        {
            ReportDifferences(stage, plan, wanted, saved.Options, split.Train.Length);
            if (saved.IsComplete)
            {
                return ReportComplete(stage, checkpoint, saved);
            }
        }

        return Run(stage, saved?.Options ?? wanted, checkpoint, split, decoder, stop);
    }

    private Ending Run(
        Stage stage, TrainingOptions options, string checkpoint, DatasetSplit split, IImageDecoder decoder, CancellationToken stop)
    {
        using var exact = Open(decoder, options.Network.InputSize, options, stop);
        var large = options.InputSizes.ToDictionary(size => size, size => Open(decoder, CachedSide(size), options, stop));
        try
        {
            using var log = new TrainingLog(LogName(stage), Folder, Console, Terminal, TimeProvider.System);
            foreach (var skipped in exact.Skipped)
            {
                log.Print($"skipped {skipped.Path}: {skipped.Reason}");
            }

            var validator = new Validator(exact, split.Validation, Data.Labels, options.Loss, options.Threads);
            return new TrainingLoop(options, checkpoint, log).Run(
                (size, first) => Feed(large[size], split.Train, options, size, first),
                split.Validation.Length > 0 ? validator.Measure : null,
                stop);
        }
        finally
        {
            foreach (var cache in large.Values)
            {
                cache.Dispose();
            }
        }
    }

    private static string LogName(Stage stage) => stage == Stage.One ? "stage1" : "stage2";

    private void ReportDifferences(Stage stage, StagePlan plan, TrainingOptions wanted, TrainingOptions kept, int images)
    {
        if (kept.Network.Classes != wanted.Network.Classes)
        {
            throw new UserErrorException(
                $"{Folder}: the run has {kept.Network.Classes} classes, but {Data.Path} has {wanted.Network.Classes}; "
                    + "choose another --run");
        }

        foreach (var line in plan.Given.Select(option => option.Ignored(wanted, kept)).OfType<string>())
        {
            Console.WriteLine($"{LogName(stage)}: {line}");
        }

        if (StepsPerEpoch(kept, images) != kept.StepsPerEpoch)
        {
            Console.WriteLine($"{LogName(stage)}: the number of images has changed since the run was started");
        }
    }

    private Ending ReportComplete(Stage stage, string checkpoint, Checkpoint saved)
    {
        var weights = stage == Stage.One ? "--weights" : "--meta-weights";
        Console.WriteLine(
            $"{LogName(stage)}: already complete at step {saved.Progress.Step}. "
            + $"To train longer, start a new run from its weights: --run NEW {weights} {checkpoint}");
        return Ending.Complete;
    }

    private PixelCache Open(IImageDecoder decoder, int size, TrainingOptions options, CancellationToken stop) =>
        new PixelCacheBuilder(Data, Cache, size, decoder, options.SixteenBit).Build(null, stop);

    /// <summary>Fills in the options that depend on the data set.</summary>
    private TrainingOptions Complete(TrainingOptions options, int images)
    {
        var labels = Data.Labels;
        options = options with { BatchSize = Math.Min(options.BatchSize, images) };
        var perEpoch = StepsPerEpoch(options, images);
        var steps = options.Steps > 0 ? options.Steps : (long)options.Epochs * perEpoch;
        var everyTenth = perEpoch * Math.Max(1, (int)(steps / perEpoch / Validations));
        return options with
        {
            StepsPerEpoch = perEpoch,
            Steps = steps,
            ValidateEvery = options.ValidateEvery > 0 ? options.ValidateEvery : everyTenth,
            Network = options.Network with { Classes = labels.Classes.Count, Colors = labels.Colors.Count, Shapes = labels.Shapes.Count },
        };
    }

    private static int StepsPerEpoch(TrainingOptions options, int images) => Math.Max(1, images / options.BatchSize);

    private BatchFeeder Feed(PixelCache cache, int[] images, TrainingOptions options, int size, long first) =>
        new(cache, images, Data.Labels, new BatchFeederOptions
        {
            BatchSize = options.BatchSize,
            InputSize = size,
            Seed = options.Seed,
            Threads = FeedThreads,
            FirstStep = first,
            Augmentation = options.Augmentation,
            FinalAugmentation = options.Augmentation.ForFinalSteps(),
            FinalFromStep = (long)(options.Steps * FinalStepsFrom),
        });
}
