using System.Text.Json.Serialization;
using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Inference;
using PartsWorker.Trainer.Data;
using PartsWorker.Trainer.Losses;
using PartsWorker.Trainer.Networks;
using PartsWorker.Trainer.Training.Steps;

namespace PartsWorker.Trainer.Training;

/// <summary>
/// The options for training one network. The checkpoint contains them, so that a resumed run needs no options.
/// </summary>
internal sealed record TrainingOptions
{
    /// <summary>Name of the preset that the options are based on.</summary>
    public string Preset { get; init; } = string.Empty;

    public required NetworkSpec Network { get; init; }

    public LossSpec Loss { get; init; } = new();

    public OptimizerOptions Optimizer { get; init; } = new();

    public Schedule Schedule { get; init; } = new();

    public int BatchSize { get; init; } = 64;

    /// <summary>
    /// Input sizes over the run, smallest first; empty = the size of the network throughout. Small images are cheap while the network
    /// learns most; the last part of a run uses the size of the network.
    /// </summary>
    public IReadOnlyList<SizePhase> Sizes { get; init; } = [];

    /// <summary>
    /// Side of the images that <c>export</c> makes the bundle read, in pixels; 0 = the size of the network. Random crops show parts larger
    /// than they are in whole images, so a network recognizes them better at a larger size than it was trained at (Touvron et al. 2019,
    /// Fixing the train-test resolution discrepancy, arXiv 1906.06423).
    /// </summary>
    public int ServingSize { get; init; }

    /// <summary>How images of 16 bits become 8 bits, a rule of <see cref="SixteenBitRule"/>; null = the default rule.</summary>
    public string? SixteenBit { get; init; }

    /// <summary>Augmentation of the images.</summary>
    public AugmentationOptions Augmentation { get; init; } = AugmentationOptions.None;

    /// <summary>Share of each class set aside for validation, 0..0.5.</summary>
    public double ValidationShare { get; init; } = 0.1;

    /// <summary>Number of class folds of which the run leaves one out (<see cref="Data.ClassFolds"/>); 0 = it trains on all.</summary>
    public int ClassFolds { get; init; }

    /// <summary>The fold that it leaves out, 0 to <see cref="ClassFolds"/> - 1.</summary>
    public int ClassFold { get; init; }

    /// <summary>Passes over the training images; 0 = the length is given in steps.</summary>
    public int Epochs { get; init; }

    /// <summary>Length of the run in steps; 0 = from the epochs and the number of images.</summary>
    public long Steps { get; init; }

    /// <summary>Steps that use each image about once; 0 = not known yet.</summary>
    public int StepsPerEpoch { get; init; }

    /// <summary>
    /// Length in minutes of training; 0 = use <see cref="Steps"/>. The schedules then follow the clock, so a repeated run gives similar but
    /// not identical weights.
    /// </summary>
    public double Minutes { get; init; }

    /// <summary>Decay per step of the moving average of the weights; 0 = use the last weights.</summary>
    public float Averaging { get; init; } = 0.998f;

    /// <summary>Seed of the initial weights, the dropout masks, the order of the images and their augmentation.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Seed of the choice of validation images; null = <see cref="Seed"/>.</summary>
    public int? ValidationSeed { get; init; }

    /// <summary>Seeds of the runs whose weights were averaged; empty = a single run.</summary>
    public IReadOnlyList<int> AveragedSeeds { get; init; } = [];

    /// <summary>Prefixes of the frozen parameters.</summary>
    public string[] Freeze { get; init; } = [];

    /// <summary>Steps between validations; 0 = only at the end.</summary>
    public int ValidateEvery { get; init; }

    /// <summary>Validations without improvement before the run ends early; 0 = never.</summary>
    public int Patience { get; init; }

    /// <summary>Steps between checkpoints.</summary>
    public int CheckpointEvery { get; init; } = 200;

    public int Threads { get; init; }

    /// <summary>CPU or CUDA.</summary>
    public ExecutionDevice Device { get; init; } = ExecutionDevice.Cpu;

    /// <summary>
    /// File or bundle folder with the initial weights, or a name of <see cref="Training.Weights.StartingWeights.Name"/>; null = random
    /// weights.
    /// </summary>
    public string? Weights { get; init; }

    /// <summary>Seed of the choice of validation images.</summary>
    [JsonIgnore]
    public int SplitSeed => ValidationSeed ?? Seed;

    /// <summary>What decides which images the run sets aside for validation; equal for runs that set the same ones aside.</summary>
    [JsonIgnore]
    public (double Share, int Seed, int Folds, int Fold) AsideForValidation =>
        (ValidationShare, SplitSeed, ClassFolds, ClassFolds == 0 ? 0 : ClassFold);

    /// <summary>The images that the run trains on and that its bundle may contain.</summary>
    public DataFolder ImagesOf(DataFolder data) =>
        ClassFolds == 0 ? data : data.Without(Data.ClassFolds.LeftOut(data.Labels, ClassFolds, ClassFold));

    /// <summary>All sizes at which the run trains, in pixels.</summary>
    public IEnumerable<int> InputSizes => Sizes.Count == 0 ? [Network.InputSize] : Sizes.Select(phase => phase.Size).Distinct();

    /// <summary>Side of the training images in pixels at a completed share of the run, 0..1.</summary>
    public int SizeAt(double share) => Sizes.LastOrDefault(phase => share >= phase.From)?.Size ?? Network.InputSize;

    /// <summary>Completed share of the run, 0..1.</summary>
    public double ShareDone(Progress progress) => Minutes > 0 ? progress.Seconds / (Minutes * 60) : progress.Step / (double)Steps;
}
