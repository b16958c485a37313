using System.CommandLine;
using PartsWorker.Inference;
using PartsWorker.Trainer.Data;
using PartsWorker.Trainer.Losses;
using PartsWorker.Trainer.Networks;
using PartsWorker.Trainer.Training;
using PartsWorker.Trainer.Training.Steps;
using PartsWorker.Trainer.Training.Weights;

namespace PartsWorker.Trainer.Commands;

/// <summary>The options of <c>train</c>. An option that is not given keeps the value of the preset.</summary>
internal sealed partial class TrainCommandOptions
{
    public Option<string?> Data { get; } = new("--data")
    {
        Description = "Folder with one folder per class, or a CSV manifest. Without labels, train writes labels.json.",
    };

    public ReviewOptions Reviews { get; } = new();

    public Option<bool> ProposeColors { get; } = new("--propose-colors")
    {
        Description = "For data without labels.json: propose the color of each class from its images; otherwise colors are unspecified.",
    };

    public Option<bool> SkipCheck { get; } = new("--skip-check")
    {
        Description = "Start a run without checking its data (see check-data), for example with labels that contradict each other.",
    };

    public Option<string?> Split { get; } = new("--split") { Description = "Subfolder of --data to train on, such as train." };

    public Option<string> Run { get; } = new("--run") { Description = "Folder for the checkpoints and logs of this run.", Required = true };

    public Option<string> Stage { get; } = StageOption();

    public Option<string> Preset { get; } = new("--preset")
    {
        Description = "Preset to start from; see the list above.",
        DefaultValueFactory = _ => "shared",
    };

    public Option<string?> Cache { get; } = new("--cache") { Description = "Folder for decoded images; default: cache in the run folder." };

    public Option<double?> Validation { get; } = new("--validation")
    {
        Description = "Share of each class set aside for validation, 0..0.5; default 0.1.",
    };

    public Option<int?> ValidationSeed { get; } = new("--validation-seed")
    {
        Description = "Random seed of the choice of validation images; default: --seed. Runs to average need the same.",
    };

    public Option<int?> LeaveOut { get; } = new("--leave-classes-out")
    {
        Description = "Divide the classes into this number of folds and train without those of --fold, to measure unknown parts with "
            + "evaluate --leave-classes-out.",
    };

    public Option<int> Fold { get; } = new("--fold") { Description = "With --leave-classes-out: the fold to train without, from 0." };

    public Option<int> AugmentationThreads { get; } = new("--feed-threads")
    {
        Description = "Threads that augment images ahead of the training step, 1..64.",
        DefaultValueFactory = _ => 1,
    };

    public Option<string?> Weights { get; } = new("--weights")
    {
        Description = "Initial weights of the embedder: a name (see 'partstrainer weights'), bundle folder, .onnx, .safetensors or .ckpt; "
            + $"'{StartingWeights.None}' trains from random weights.",
    };

    public Option<string?> MetaWeights { get; } = new("--meta-weights")
    {
        Description = "Initial weights of the meta model, as for --weights; presets compact and line-camera start from the embedder of "
            + "this run.",
    };

    public Option<string[]> Freeze { get; } = new("--freeze")
    {
        Description = "Prefix of embedder parameters to freeze; may be repeated.",
    };

    public Option<string?> Backbone { get; } = new("--backbone")
    {
        Description = $"Network of the embedder: {string.Join(", ", Backbones.Names)}.",
    };

    public Option<string?> MetaBackbone { get; } = new("--meta-backbone") { Description = "Network of the meta model." };

    public Option<int?> Size { get; } = new("--size") { Description = "Side of the images in pixels." };

    public Option<string?> Sizes { get; } = new("--sizes")
    {
        Description = "Sizes over the run, smallest first: 128:0.6,160 trains at 128 px until 60 % of the run, then at 160 px. "
            + "The last one is the size of the network; export --size can give the bundle another one.",
    };

    public Option<string?> SixteenBit { get; } = new("--sixteen-bit")
    {
        Description = "How images of 16 bits become 8 bits: range (the smallest depth that holds the samples, the default), full, refuse "
            + "or a depth from 8 to 16, such as 12 for a camera of 12 bits. The bundle keeps the rule for the worker.",
    };

    public Option<float?> Width { get; } = new("--width") { Description = "Multiplies the number of channels of the embedder." };

    public Option<float?> MetaWidth { get; } = new("--meta-width") { Description = "Multiplies the number of channels of the meta model." };

    public Option<int?> Embedding { get; } = new("--embedding") { Description = "Length of the embedding." };

    public Option<int?> Epochs { get; } = new("--epochs")
    {
        Description = "Passes over the training images; also for the meta model unless --meta-epochs is given.",
    };

    public Option<int?> MetaEpochs { get; } = new("--meta-epochs") { Description = "Passes over the training images for the meta model." };

    public Option<long?> Steps { get; } = new("--steps") { Description = "Length of the run in steps instead of epochs." };

    public Option<double?> Minutes { get; } = new("--minutes")
    {
        Description = "Length of the run in minutes, for each stage; the schedule then follows the clock.",
    };

    public Option<int?> Batch { get; } = new("--batch") { Description = "Images per step." };

    public Option<float?> LearningRate { get; } = new("--lr") { Description = "Peak learning rate." };

    public Option<float?> HeadRate { get; } = new("--head-rate")
    {
        Description = "Factor on the learning rate of the layers after the backbone, 0.01..100; above 1 for pretrained backbones.",
    };

    public Option<int?> Warmup { get; } = new("--warmup") { Description = "Steps over which the learning rate rises to its peak." };

    public Option<float?> Decay { get; } = new("--weight-decay") { Description = "Weight decay for matrices and kernels." };

    public Option<MarginKind?> Loss { get; } = new("--loss") { Description = "Margin loss of the embedder." };

    public Option<float?> Margin { get; } = new("--margin") { Description = "Margin m of the loss." };

    public Option<float?> Scale { get; } = new("--scale") { Description = "Scale s of the loss." };

    public Option<double?> HardNegatives { get; } = new("--hard-negatives")
    {
        Description = "Extra weight of the classes that the network confuses with the right one, 0..1; 0 = none.",
    };

    public Option<int?> SubCenters { get; } = new("--sub-centers") { Description = "Centers per class." };

    public Option<float?> Auxiliary { get; } = new("--auxiliary")
    {
        Description = "Weight of the auxiliary loss: color and shape for the embedder, the class for the meta model.",
    };

    public Option<float?> Smoothing { get; } = new("--label-smoothing") { Description = "Share of the target spread over all classes." };

    public Option<string?> Augmentation { get; } = new("--augmentation")
    {
        Description = $"How images are augmented: {string.Join(", ", AugmentationOptions.Named.Keys)}; the default is that of the preset. "
            + "line-camera suits fixed cameras: distance, angle and light hardly change.",
    };

    public Option<float?> Mirror { get; } = new("--mirror")
    {
        Description = "Probability of mirroring an image, 0..1; use 0 if left and right parts are different classes.",
    };

    public Option<float?> CutMix { get; } = new("--cutmix")
    {
        Description = "Probability of swapping a rectangle between two images of a batch, 0..1.",
    };

    public Option<float?> Blend { get; } = new("--mixup") { Description = "Probability of blending two images of a batch, 0..1." };

    public Option<bool> EasyMargin { get; } = new("--easy-margin") { Description = "Apply the margin only to angles below 90 degrees." };

    public Option<bool> Lambda { get; } = new("--lambda")
    {
        Description = "Insert a Lambda layer before the embedding and before the heads of the meta model.",
    };

    public Option<float?> Dropout { get; } = new("--dropout") { Description = "Dropout rate before the last linear layer, 0..0.9." };

    public Option<OptimizerKind?> Optimizer { get; } = new("--optimizer") { Description = "Optimizer." };

    public Option<ScheduleKind?> Schedule { get; } = new("--schedule") { Description = "Learning rate schedule after the warm-up." };

    public Option<float?> Averaging { get; } = new("--averaging")
    {
        Description = "Decay per step of the moving average of the weights; 0 uses the last weights.",
    };

    public Option<int?> CheckpointEvery { get; } = new("--checkpoint-every") { Description = "Steps between checkpoints." };

    public Option<int?> Patience { get; } = new("--patience")
    {
        Description = "Validations without improvement before the run ends early; 0 = never.",
    };

    public Option<int?> Seed { get; } = new("--seed") { Description = "Random seed; the same seed gives the same weights." };

    public Option<int?> Threads { get; } = new("--threads") { Description = "Threads per training step; 0 = all cores." };

    public Option<ExecutionDevice?> Device { get; } = DeviceOption.Create();

    public IEnumerable<Option> All =>
    [
        Data, Split, SkipCheck, ProposeColors, .. Reviews.All, Run, Stage, Preset, Cache, Validation, ValidationSeed, LeaveOut, Fold,
        AugmentationThreads, Weights, MetaWeights, Freeze, Backbone, MetaBackbone, Size, Sizes, SixteenBit, Width, MetaWidth, Embedding,
        Epochs, MetaEpochs, Steps, Minutes, Batch, LearningRate, HeadRate, Warmup, Decay, Loss, Margin, Scale, HardNegatives, SubCenters,
        Auxiliary, Smoothing, Augmentation, Mirror, CutMix, Blend, EasyMargin, Lambda, Dropout, Optimizer, Schedule, Averaging,
        CheckpointEvery, Patience, Seed, Threads, Device,
    ];

    private static Option<string> StageOption()
    {
        var stage = new Option<string>("--stage")
        {
            Description = "Network to train: one (embedder), two (meta model) or both.",
            DefaultValueFactory = _ => "both",
        };
        stage.AcceptOnlyFromAmong("one", "two", "both");
        return stage;
    }
}
