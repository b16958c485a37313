using System.CommandLine;
using PartsWorker.Trainer.Export.Untrained;

namespace PartsWorker.Trainer.Commands;

/// <summary>The options of <c>export</c>.</summary>
internal sealed class ExportCommandOptions
{
    public Option<string?> Run { get; } = new("--run") { Description = "Folder of the run: holds one.ckpt and two.ckpt." };

    public Option<string?> Data { get; } = new("--data")
    {
        Description = "The data the run was trained on; its images become the gallery.",
    };

    public ReviewOptions Reviews { get; } = new();

    public Option<string?> Split { get; } = new("--split") { Description = "Subfolder of --data, as in training." };

    public Option<string?> Cache { get; } = new("--cache") { Description = "Folder for decoded images (default: inside the run)." };

    public Option<double?> Validation { get; } = new("--validation") { Description = "Share set aside; default: that of the run." };

    public Option<string> Out { get; } = new("--out") { Description = "Folder of the bundles.", DefaultValueFactory = _ => "models" };

    public Option<string?> Name { get; } = new("--name") { Description = "Name of the bundle." };

    public Option<string?> Version { get; } = new("--version-name")
    {
        Description = "Version of the bundle; an existing one is never changed.",
    };

    public Option<string> License { get; } = new("--license")
    {
        Description = "License of the weights.",
        DefaultValueFactory = _ => "unstated; follows from the images",
    };

    public Option<string[]> LicenseFiles { get; } = new("--license-file")
    {
        Description = "A file with the text of a license, copied into the bundle; may be repeated.",
    };

    public Option<string?> Description { get; } = new("--description") { Description = "One sentence for the model card." };

    public Option<bool> Half { get; } = new("--half") { Description = "Store weights and gallery as fp16: half the size." };

    public Option<bool> Mirrored { get; } = new("--mirrored")
    {
        Description = "Both stages look at each image and its mirror image and answer with the mean: steadier, at twice the work.",
    };

    public Option<int> GalleryPerClass { get; } = new("--gallery-per-class")
    {
        Description = "Most gallery rows of a class, each the mean of images alike; 0 keeps every image as a row.",
        DefaultValueFactory = _ => 0,
    };

    public Option<int> Golden { get; } = new("--golden")
    {
        Description = "Images recorded with their answers, at most one per class, 1..1000.",
        DefaultValueFactory = _ => 12,
    };

    public Option<string?> GoldenData { get; } = new("--golden-data")
    {
        Description = "Folder with one folder per class to take these images from; default: the validation share, "
            + "which is in the gallery too.",
    };

    public Option<int> GalleryViews { get; } = new("--gallery-views")
    {
        Description = "Varied views of each image that its gallery row averages, beside the image itself, 0..32.",
        DefaultValueFactory = _ => 4,
    };

    public Option<int> CalibrationViews { get; } = new("--calibration-views")
    {
        Description = "Hard views of each validation image that fusion is fitted on, 0..32.",
        DefaultValueFactory = _ => 8,
    };

    public Option<double> Accuracy { get; } = new("--accuracy")
    {
        Description = "Wanted accuracy of accepted answers, 0..1; less certain ones become unknown. 0: never.",
        DefaultValueFactory = _ => 0,
    };

    public Option<string?> Random { get; } = new("--random")
    {
        Description = $"Write an untrained bundle for benchmarks instead: {string.Join(" or ", RandomPair.Names)}.",
    };

    public Option<int> Seed { get; } = new("--seed")
    {
        Description = "With --random: the same seed gives the same weights; it is the version, too.",
        DefaultValueFactory = _ => 1,
    };

    public IEnumerable<Option> All =>
    [
        Run, Data, Split, .. Reviews.All, Cache, Validation, Out, Name, Version, License, LicenseFiles, Description, Half, Mirrored,
        GalleryPerClass, GalleryViews, CalibrationViews, Golden, GoldenData, Accuracy, Random, Seed,
    ];

    /// <summary>What an export of a run needs and --random takes from its seed.</summary>
    public IEnumerable<Option<string?>> OfRun => [Run, Data, Name, Version];
}
