using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Trainer.Data;
using PartsWorker.Trainer.Networks;
using PartsWorker.Trainer.Training;
using PartsWorker.Trainer.Training.Weights;

namespace PartsWorker.Trainer.Export;

/// <summary>The trained networks of a run folder.</summary>
internal sealed class TrainedRun
{
    private readonly string _folder;
    private readonly Checkpoint _one;
    private readonly Checkpoint? _two;

    private TrainedRun(string folder, int? size)
    {
        _folder = folder;
        _one = Load(folder, Stage.One);
        InputSize = size ?? UsualSize(_one);
        RequireSize(_one);
        if (SharesTrunk)
        {
            return;
        }

        _two = Load(folder, Stage.Two);
        RequireSize(_two);
        var (one, two) = (UsualSize(_one), UsualSize(_two));
        if (one != two && size is null)
        {
            throw new UserErrorException(
                $"{folder}: the embedder has {one} px and the meta model {two} px; train both with the same --size");
        }

        if (_one.Options.SixteenBit != _two.Options.SixteenBit)
        {
            throw new UserErrorException(
                $"{folder}: the embedder and the meta model were trained with different rules of --sixteen-bit; use the same rule");
        }

        // The fusion is fitted on images that neither network may have been trained on.
        if (_one.Options.AsideForValidation != _two.Options.AsideForValidation)
        {
            throw new UserErrorException(
                $"{folder}: the embedder and the meta model set different images aside; train both with the same --validation, "
                    + "--validation-seed (or --seed), --leave-classes-out and --fold");
        }
    }

    /// <summary>Side of the images that the bundle reads, in pixels.</summary>
    public int InputSize { get; }

    /// <summary>How images of 16 bits become 8 bits; null = the default rule.</summary>
    public string? SixteenBit => _one.Options.SixteenBit;

    /// <summary>Length of the features that the meta model reads from a shared trunk; 0 = two separate networks.</summary>
    public int FeatureSize => SharesTrunk ? _one.ToStage().FeatureSize : 0;

    /// <summary>Length of the embedding.</summary>
    public int EmbeddingSize => _one.Options.Network.Embedding;

    /// <param name="folder">The run folder.</param>
    /// <param name="size">Side of the images that the bundle reads, in pixels; null = as the run was planned.</param>
    /// <exception cref="UserErrorException">
    /// A network is missing, their input sizes differ, or a network has layers for another size.
    /// </exception>
    public static TrainedRun Open(string folder, int? size = null) => new(folder, size);

    /// <summary>The graphs of both networks.</summary>
    public (byte[] StageOne, byte[] StageTwo) ToOnnx(WeightStorage storage, bool mirrored) =>
        _two is null
            ? AtInputSize(_one).ToSharedOnnx(storage, mirrored)
            : (AtInputSize(_one).ToOnnx(storage, mirrored), AtInputSize(_two).ToOnnx(storage, mirrored));

    private TrainedStage AtInputSize(Checkpoint saved)
    {
        var stage = saved.ToStage();
        return stage with { Network = stage.Network with { InputSize = InputSize } };
    }

    private static int UsualSize(Checkpoint saved) =>
        saved.Options.ServingSize > 0 ? saved.Options.ServingSize : saved.Options.Network.InputSize;

    private void RequireSize(Checkpoint saved)
    {
        var trained = saved.Options.Network.InputSize;
        if (!InputSizes.ShareWeights(saved.Options, [trained, InputSize]))
        {
            throw new UserErrorException(
                $"--size {InputSize}: {saved.Options.Network.Backbone} has layers for {trained} px, the size that {_folder} was trained "
                    + "at; leave --size out");
        }
    }

    private bool SharesTrunk => _one.Options.Network.Head == HeadKind.Shared;

    /// <summary>The same split as in training; it depends only on the images, the share and the seed.</summary>
    /// <param name="data">Data that the run was trained on.</param>
    /// <param name="cacheFolder">Folder for decoded images; null = inside the run.</param>
    /// <param name="share">Share for validation; null = that of the run.</param>
    public (IReadOnlyList<LabeledImage> Training, IReadOnlyList<LabeledImage> Validation) Split(
        DataFolder data, string? cacheFolder, double? share)
    {
        var options = _one.Options;
        if (data.Labels.Classes.Count != options.Network.Classes)
        {
            throw new UserErrorException(
                $"{_folder}: the run has {options.Network.Classes} classes, but {data.Path} has {data.Labels.Classes.Count}; "
                    + "give the data of the run");
        }

        var builder = new PixelCacheBuilder(
            options.ImagesOf(data),
            cacheFolder ?? Path.Combine(_folder, "cache"),
            ValidationSplit.Side,
            ImageDecoders.Create(ImageDecoders.CheaperFor(DecodeScale.Full)),
            options.SixteenBit);
        using var cache = builder.Build();
        var split = ValidationSplit.Create(cache, share ?? options.ValidationShare, options.SplitSeed);
        LabeledImage[] Of(int[] numbers) => [.. numbers.Select(i => new LabeledImage(cache.PathOf(i), cache.ClassId(i)))];
        return (Of(split.Train), Of(split.Validation));
    }

    /// <summary>How each network was trained, for the model card.</summary>
    public Dictionary<string, string> Summary()
    {
        Dictionary<string, string> summary = _two is null
            ? new(StringComparer.Ordinal) { ["both stages, one trunk"] = Summary(_one) }
            : new(StringComparer.Ordinal) { ["stage one"] = Summary(_one), ["stage two"] = Summary(_two) };
        if (_one.Options is { ClassFolds: > 0 } options)
        {
            summary[ClassFolds.DataKey] = ClassFolds.Describe(options.ClassFolds, options.ClassFold);
        }

        if (_one.Options.Network.InputSize != InputSize)
        {
            summary[TrainedSize.DataKey] = TrainedSize.Describe(_one.Options.Network.InputSize);
        }

        return summary;
    }

    private static string Summary(Checkpoint saved)
    {
        var network = saved.Options.Network;
        return $"{network.Backbone} x{network.Width:0.###} at {network.InputSize} px, "
            + $"{saved.Progress.Step} steps of {saved.Options.BatchSize}, {Seeds(saved.Options)}, "
            + $"{saved.Progress.Seconds / 60:0.0} minutes";
    }

    private static string Seeds(TrainingOptions options) => options.AveragedSeeds.Count == 0
        ? $"seed {options.Seed}"
        : $"mean of {options.AveragedSeeds.Count} runs with seeds {string.Join(", ", options.AveragedSeeds)}";

    private static Checkpoint Load(string folder, Stage stage)
    {
        var path = StageRun.CheckpointOf(folder, stage);
        return File.Exists(path)
            ? Checkpoint.LoadWeights(path)
            : throw new UserErrorException(
                $"{path} not found; train it first: partstrainer train --run {folder} --stage {stage.ToString().ToLowerInvariant()}");
    }
}
