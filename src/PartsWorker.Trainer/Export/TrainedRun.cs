using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Trainer.Data;
using PartsWorker.Trainer.Training;

namespace PartsWorker.Trainer.Export;

/// <summary>Both stages of a run folder, each read once.</summary>
internal sealed class TrainedRun
{
    private readonly string _folder;
    private readonly Checkpoint _one;
    private readonly Checkpoint _two;

    private TrainedRun(string folder)
    {
        _folder = folder;
        _one = Load(folder, Stage.One);
        _two = Load(folder, Stage.Two);
        var (one, two) = (_one.Options.Network.InputSize, _two.Options.Network.InputSize);
        if (one != two)
        {
            throw new UserErrorException(
                $"{folder}: stage one sees {one} px and stage two {two} px; a bundle has one input size, train them alike with --size");
        }
    }

    /// <summary>Side of the images that both stages see.</summary>
    public int InputSize => _one.Options.Network.InputSize;

    /// <summary>Length of the embedding.</summary>
    public int EmbeddingSize => _one.Options.Network.Embedding;

    /// <exception cref="UserErrorException">A stage is missing, or they do not fit together.</exception>
    public static TrainedRun Open(string folder) => new(folder);

    /// <summary>The graphs of both stages.</summary>
    public (byte[] StageOne, byte[] StageTwo) ToOnnx(bool half, bool mirrored) =>
        (_one.ToStage().ToOnnx(half, mirrored), _two.ToStage().ToOnnx(half, mirrored));

    /// <summary>The images that were set aside in training: the split depends on images, share and seed only.</summary>
    /// <param name="data">The data that the run was trained on.</param>
    /// <param name="cacheFolder">Folder for decoded images; null = inside the run.</param>
    /// <param name="share">Share to set aside; null = that of the run.</param>
    public (IReadOnlyList<LabeledImage> Training, IReadOnlyList<LabeledImage> Validation) Split(
        DataFolder data, string? cacheFolder, double? share)
    {
        var options = _one.Options;
        if (data.Labels.Classes.Count != options.Network.Classes)
        {
            throw new UserErrorException(
                $"{_folder}: was trained on {options.Network.Classes} classes, {data.Path} has {data.Labels.Classes.Count}");
        }

        var builder = new PixelCacheBuilder(
            data,
            cacheFolder ?? Path.Combine(_folder, "cache"),
            ValidationSplit.Side,
            ImageDecoders.Create(ImageDecoders.CheaperFor(DecodeScale.Full)));
        using var cache = builder.Build();
        var split = ValidationSplit.Create(cache, share ?? options.ValidationShare, options.Seed);
        LabeledImage[] Of(int[] numbers) => [.. numbers.Select(i => new LabeledImage(cache.PathOf(i), cache.ClassId(i)))];
        return (Of(split.Train), Of(split.Validation));
    }

    /// <summary>How each stage was trained, for the model card.</summary>
    public Dictionary<string, string> Summary() => new(StringComparer.Ordinal)
    {
        ["stage one"] = Summary(_one),
        ["stage two"] = Summary(_two),
    };

    private static string Summary(Checkpoint saved)
    {
        var network = saved.Options.Network;
        return $"{network.Backbone} x{network.Width:0.###} at {network.InputSize} px, "
            + $"{saved.Progress.Step} steps of {saved.Options.BatchSize}, seed {saved.Options.Seed}, "
            + $"{saved.Progress.Seconds / 60:0.0} minutes";
    }

    private static Checkpoint Load(string folder, Stage stage)
    {
        var path = StageRun.CheckpointOf(folder, stage);
        return File.Exists(path)
            ? Checkpoint.LoadWeights(path)
            : throw new UserErrorException(
                $"{path} not found; train it first: partstrainer train --run {folder} --stage {stage.ToString().ToLowerInvariant()}");
    }
}
