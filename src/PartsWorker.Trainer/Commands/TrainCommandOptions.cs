using System.CommandLine;
using PartsWorker.Inference;
using PartsWorker.Trainer.Losses;
using PartsWorker.Trainer.Networks;
using PartsWorker.Trainer.Training;
using PartsWorker.Trainer.Training.Steps;

namespace PartsWorker.Trainer.Commands;

/// <summary>The options of <c>train</c>; what is not given keeps the preset's value.</summary>
internal sealed partial class TrainCommandOptions
{
    public Option<string?> Data { get; } = new("--data") { Description = "Folder with one folder per class, or a CSV manifest." };

    public ReviewOptions Reviews { get; } = new();

    public Option<string?> Split { get; } = new("--split") { Description = "Subfolder of --data to train on, such as train." };

    public Option<string> Run { get; } = new("--run") { Description = "Folder of this run: checkpoints, logs, events.", Required = true };

    public Option<string> Stage { get; } = StageOption();

    public Option<string> Preset { get; } = new("--preset") { Description = "Settings to begin with.", DefaultValueFactory = _ => "parts" };

    public Option<string?> Cache { get; } = new("--cache") { Description = "Folder for decoded images (default: inside the run)." };

    public Option<double?> Validation { get; } = new("--validation")
    {
        Description = "Share of each class set aside, 0..0.5; default 0.1.",
    };

    public Option<int> AugmentationThreads { get; } = new("--feed-threads")
    {
        Description = "Threads that augment ahead of the step, 1..64.",
        DefaultValueFactory = _ => 1,
    };

    public Option<string?> Weights { get; } = new("--weights")
    {
        Description = "Starting weights of stage one: bundle folder, .onnx, .safetensors or .ckpt.",
    };

    public Option<string?> MetaWeights { get; } = new("--meta-weights")
    {
        Description = "The same for stage two (preset compact: stage one of this run).",
    };

    public Option<string[]> Freeze { get; } = new("--freeze")
    {
        Description = "Prefix of the parameters that keep their values; may be repeated.",
    };

    public Option<string?> Backbone { get; } = new("--backbone")
    {
        Description = $"Stage one's network: {string.Join(", ", Backbones.Names)}.",
    };

    public Option<string?> MetaBackbone { get; } = new("--meta-backbone") { Description = "Stage two's network." };

    public Option<int?> Size { get; } = new("--size") { Description = "Side of the images in pixels." };

    public Option<float?> Width { get; } = new("--width") { Description = "Multiplies stage one's channels." };

    public Option<float?> MetaWidth { get; } = new("--meta-width") { Description = "Multiplies stage two's channels." };

    public Option<int?> Embedding { get; } = new("--embedding") { Description = "Length of the embedding." };

    public Option<int?> Epochs { get; } = new("--epochs")
    {
        Description = "How often each image is shown (stage one; stage two unless --meta-epochs is given).",
    };

    public Option<int?> MetaEpochs { get; } = new("--meta-epochs") { Description = "The same for stage two." };

    public Option<long?> Steps { get; } = new("--steps") { Description = "Length in steps instead of epochs." };

    public Option<double?> Minutes { get; } = new("--minutes")
    {
        Description = "Length in minutes instead; the schedule follows the clock.",
    };

    public Option<int?> Batch { get; } = new("--batch") { Description = "Images per step." };

    public Option<float?> LearningRate { get; } = new("--lr") { Description = "Peak learning rate." };

    public Option<int?> Warmup { get; } = new("--warmup") { Description = "Steps over which the learning rate rises." };

    public Option<float?> Decay { get; } = new("--weight-decay") { Description = "Weight decay of matrices and kernels." };

    public Option<MarginKind?> Loss { get; } = new("--loss") { Description = "Stage one's margin." };

    public Option<float?> Margin { get; } = new("--margin") { Description = "m of the margin." };

    public Option<float?> Scale { get; } = new("--scale") { Description = "s of the margin." };

    public Option<int?> SubCenters { get; } = new("--sub-centers") { Description = "Centers per class." };

    public Option<float?> Auxiliary { get; } = new("--auxiliary")
    {
        Description = "Weight of what each stage learns of the other: color and shape for stage one, the class for stage two.",
    };

    public Option<float?> Smoothing { get; } = new("--label-smoothing") { Description = "Share of the target spread over all classes." };

    public Option<float?> Mirror { get; } = new("--mirror")
    {
        Description = "Probability that an image is mirrored, 0..1; 0 where left and right parts are two classes.",
    };

    public Option<float?> CutMix { get; } = new("--cutmix")
    {
        Description = "Probability that two images of a batch swap a rectangle, 0..1.",
    };

    public Option<float?> Blend { get; } = new("--mixup") { Description = "Probability that two images of a batch are blended, 0..1." };

    public Option<bool> EasyMargin { get; } = new("--easy-margin") { Description = "Use the margin only below a right angle." };

    public Option<bool> Lambda { get; } = new("--lambda")
    {
        Description = "A Lambda layer in front of the embedding and of the meta heads.",
    };

    public Option<float?> Dropout { get; } = new("--dropout") { Description = "Dropout before the last linear layer, 0..0.9." };

    public Option<OptimizerKind?> Optimizer { get; } = new("--optimizer") { Description = "Update rule." };

    public Option<ScheduleKind?> Schedule { get; } = new("--schedule") { Description = "How the learning rate moves after its warm-up." };

    public Option<float?> Averaging { get; } = new("--averaging")
    {
        Description = "Decay of the averaged weights per step; 0 = use the last weights.",
    };

    public Option<int?> CheckpointEvery { get; } = new("--checkpoint-every") { Description = "Steps between checkpoints." };

    public Option<int?> Patience { get; } = new("--patience")
    {
        Description = "Validations without progress before the run ends; 0 = never.",
    };

    public Option<int?> Seed { get; } = new("--seed") { Description = "Same seed, same weights." };

    public Option<int?> Threads { get; } = new("--threads") { Description = "Threads of the step; 0 = all cores." };

    public Option<ExecutionDevice?> Device { get; } = DeviceOption.Create();

    public IEnumerable<Option> All =>
    [
        Data, Split, .. Reviews.All, Run, Stage, Preset, Cache, Validation, AugmentationThreads, Weights, MetaWeights, Freeze,
        Backbone, MetaBackbone, Size, Width, MetaWidth, Embedding, Epochs, MetaEpochs, Steps, Minutes, Batch,
        LearningRate, Warmup, Decay, Loss, Margin, Scale, SubCenters, Auxiliary, Smoothing, Mirror, CutMix, Blend, EasyMargin,
        Lambda, Dropout, Optimizer, Schedule, Averaging, CheckpointEvery, Patience, Seed, Threads, Device,
    ];

    private static Option<string> StageOption()
    {
        var stage = new Option<string>("--stage") { Description = "one, two or both.", DefaultValueFactory = _ => "both" };
        stage.AcceptOnlyFromAmong("one", "two", "both");
        return stage;
    }
}
