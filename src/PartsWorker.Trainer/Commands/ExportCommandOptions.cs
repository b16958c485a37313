using System.CommandLine;
using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Trainer.Export;
using PartsWorker.Trainer.Export.Untrained;
using PartsWorker.Trainer.Networks;

namespace PartsWorker.Trainer.Commands;

/// <summary>The options of <c>export</c>.</summary>
internal sealed class ExportCommandOptions
{
    private const int MostGolden = 1000;
    private const int MostViews = 32;

    public Option<string?> Run { get; } = new("--run")
    {
        Description = "Run folder with one.ckpt and, unless the networks share a trunk, two.ckpt.",
    };

    public Option<string?> Data { get; } = new("--data")
    {
        Description = "Data that the run was trained on; its images become the gallery.",
    };

    public ReviewOptions Reviews { get; } = new();

    public Option<string?> Split { get; } = new("--split") { Description = "Subfolder of --data, the same as for train." };

    public Option<string?> Cache { get; } = new("--cache") { Description = "Folder for decoded images; default: cache in the run folder." };

    public Option<double?> Validation { get; } = new("--validation")
    {
        Description = "Share of the images set aside for validation; default: that of the run.",
    };

    public Option<string> Out { get; } = new("--out") { Description = "Folder of all bundles.", DefaultValueFactory = _ => "models" };

    public Option<string?> Name { get; } = new("--name") { Description = "Name of the bundle." };

    public Option<string?> Version { get; } = new("--version-name")
    {
        Description = "Version of the bundle. Existing versions are never overwritten.",
    };

    public Option<string> License { get; } = new("--license")
    {
        Description = "License of the weights.",
        DefaultValueFactory = _ => "unstated; follows from the images",
    };

    public Option<string[]> LicenseFiles { get; } = new("--license-file")
    {
        Description = "License text to copy into the bundle; may be repeated.",
    };

    public Option<string?> Description { get; } = new("--description") { Description = "One sentence for the model card." };

    public Option<int?> Size { get; } = new("--size")
    {
        Description = "Side of the images that the bundle reads, in pixels, 8..2048; default: the one of the preset, or the size of the "
            + "run. A network that averages its last feature map is often more accurate at 1.2 times the size it was trained at.",
    };

    public Option<bool> Half { get; } = new("--half") { Description = "The same as --store-as fp16." };

    public Option<WeightStorage> StoreAs { get; } = new("--store-as")
    {
        Description = "How to store the weights: fp32, fp16 (half the size) or int8 (a quarter). The gallery is fp16 except with fp32. "
            + "All of them run as float32, at the same speed.",
    };

    public Option<bool> Mirrored { get; } = new("--mirrored")
    {
        Description = "Average the outputs for each image and its mirror image: more accurate, at twice the cost.",
    };

    public Option<DecodeScale> DecodeScale { get; } = DecodeScaleOption.Create(AssemblyRequest.DefaultDecodeScale);

    public Option<int> GalleryPerClass { get; } = new("--gallery-per-class")
    {
        Description = "Maximum number of gallery rows per class, each the mean of similar images; 0 keeps one row per image.",
        DefaultValueFactory = _ => 0,
    };

    public Option<int> Golden { get; } = new("--golden")
    {
        Description = "Number of golden images to record, at most one per class, 1..1000.",
        DefaultValueFactory = _ => 12,
    };

    public Option<string?> GoldenData { get; } = new("--golden-data")
    {
        Description = "Folder with one folder per class to choose the golden images from; default: the validation images, "
            + "which are also in the gallery.",
    };

    public Option<int> GalleryViews { get; } = new("--gallery-views")
    {
        Description = "Augmented views per image that are averaged into its gallery row, 0..32.",
        DefaultValueFactory = _ => 4,
    };

    public Option<int> CalibrationViews { get; } = new("--calibration-views")
    {
        Description = "Strongly augmented views per validation image for fitting the fusion constants, 0..32.",
        DefaultValueFactory = _ => 8,
    };

    public Option<string?> CalibrationFrom { get; } = new("--calibration-from")
    {
        Description = "Take fusion constants, thresholds and unknown detector from this bundle of the same recipe, for a run that was "
            + "trained on all images (train --validation 0).",
    };

    public Option<double> Accuracy { get; } = new("--accuracy")
    {
        Description = "Target accuracy of accepted answers, 0..1; less confident answers become unknown. 0: none do.",
        DefaultValueFactory = _ => 0,
    };

    public Option<double> FalseAlarms { get; } = new("--false-alarms")
    {
        Description = "Share of good images that may become unknown, 0..0.5; sets the threshold of the unknown detector. "
            + "0: no detector, every image gets a class.",
        DefaultValueFactory = _ => AssemblyRequest.DefaultFalseAlarms,
    };

    public Option<string?> Junk { get; } = new("--junk")
    {
        Description = "Folder with images that show no part (empty belt, hands, packaging), for the unknown detector; "
            + "default: 340 drawn images.",
    };

    public Option<bool> Int8 { get; } = new("--int8")
    {
        Description = "Also write 8-bit graphs, which the worker runs on CPUs that have the instructions: about 2.5 times as fast.",
    };

    public Option<bool> Fp16 { get; } = new("--fp16") { Description = "Also write float16 graphs, which the worker runs on CUDA." };

    public Int8CommandOptions OfInt8 { get; } = new();

    public Option<string?> Random { get; } = new("--random")
    {
        Description = $"Write an untrained bundle for benchmarks: {string.Join(", ", RandomPair.Names)}.",
    };

    public Option<int> Seed { get; } = new("--seed")
    {
        Description = "With --random: seed of the weights, and the version of the bundle.",
        DefaultValueFactory = _ => 1,
    };

    public IEnumerable<Option> All =>
    [
        Run, Data, Split, .. Reviews.All, Cache, Validation, Out, Name, Version, License, LicenseFiles, Description, Size, Half,
        StoreAs, Mirrored, DecodeScale, GalleryPerClass, GalleryViews, CalibrationViews, CalibrationFrom,
        Golden, GoldenData, Accuracy, FalseAlarms, Junk, Int8, .. OfInt8.All, Fp16, Random, Seed,
    ];

    /// <summary>How to store the weights.</summary>
    /// <exception cref="UserErrorException">It is given in both ways.</exception>
    public WeightStorage Storage(ParseResult parsed)
    {
        if (!parsed.GetValue(Half))
        {
            return parsed.GetValue(StoreAs);
        }

        return parsed.GetResult(StoreAs) is { Implicit: false }
            ? throw new UserErrorException($"{Half.Name} cannot be used with {StoreAs.Name}; it is the same as {StoreAs.Name} fp16")
            : WeightStorage.Fp16;
    }

    /// <exception cref="UserErrorException">A number is out of range.</exception>
    public void RequireInRange(ParseResult parsed)
    {
        OptionRange.Within<double>(Accuracy, parsed.GetValue(Accuracy), 0, 1);
        OptionRange.Within<int>(Golden, parsed.GetValue(Golden), 1, MostGolden);
        OptionRange.Within<int>(GalleryPerClass, parsed.GetValue(GalleryPerClass), 0);
        OptionRange.Within<int>(GalleryViews, parsed.GetValue(GalleryViews), 0, MostViews);
        OptionRange.Within<int>(CalibrationViews, parsed.GetValue(CalibrationViews), 0, MostViews);
        OptionRange.Within(Validation, parsed.GetValue(Validation), 0, 0.5);
    }

    /// <summary>Required for a run; not allowed with --random.</summary>
    public IEnumerable<Option<string?>> OfRun => [Run, Data, Name, Version];
}
