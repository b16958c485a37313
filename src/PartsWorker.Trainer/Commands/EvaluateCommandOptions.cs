using System.CommandLine;
using System.Globalization;
using PartsWorker.Inference;

namespace PartsWorker.Trainer.Commands;

/// <summary>The options of <c>evaluate</c>.</summary>
internal sealed class EvaluateCommandOptions
{
    private const int MostPhotos = 1000;

    public Option<string[]> Bundle { get; } = new("--bundle")
    {
        Description = "Bundle folder, models/<name>/<version>. With several bundles, their majority vote is measured too.",
        Required = true,
        AllowMultipleArgumentsPerToken = true,
    };

    public Option<string?> Data { get; } = new("--data")
    {
        Description = "Folder with one folder per class, with labels.json in it or in its parent, or a CSV manifest.",
    };

    public ReviewOptions Reviews { get; } = new();

    public Option<string?> Split { get; } = new("--split")
    {
        Description = "Subfolder, or value of the manifest's split column, such as test.",
    };

    public Option<string?> Labels { get; } = new("--labels")
    {
        Description = "labels.json or cs_label.json, if it is not in the data folder or its parent.",
    };

    public Option<string?> WithoutCopiesOf { get; } = new("--without-copies-of")
    {
        Description = "Leave out images that are copies of images of this split, such as train: the network has seen them.",
    };

    public Option<string[]> Holdout { get; } = new("--holdout-classes")
    {
        Description = "Classes to remove from the gallery, so that their images become unknown parts: names, or a number n to remove every "
            + "n-th class. The networks saw these classes in training, so new parts are harder; see --leave-classes-out.",
        AllowMultipleArgumentsPerToken = true,
    };

    public Option<int?> LeaveClassesOut { get; } = new("--leave-classes-out")
    {
        Description = "Measure unknown parts on classes that the networks never saw: a number k. --bundle then names k bundles, each "
            + "trained and exported with --leave-classes-out k --fold F.",
    };

    public Option<string?> EnrollPhotos { get; } = new("--enroll-shots")
    {
        Description = "With --leave-classes-out, also enroll classes of the fold from this many photos of --enroll-split and measure them: "
            + $"one or more numbers, such as 5,20, each 1..{MostPhotos}.",
    };

    public Option<int> EnrollDraws { get; } = new("--enroll-draws")
    {
        Description = "Random draws of 5 classes and their photos per fold, 1..1000.",
        DefaultValueFactory = _ => 20,
    };

    public Option<string> EnrollSplit { get; } = new("--enroll-split")
    {
        Description = "Split of --data with the photos to enroll.",
        DefaultValueFactory = _ => "train",
    };

    public Option<int> EnrollViews { get; } = ViewsOption.Create("--enroll-views");

    public Option<int> Seed { get; } = new("--seed")
    {
        Description = "Random seed of --enroll-shots; the same seed gives the same draws.",
        DefaultValueFactory = _ => 1,
    };

    public Option<string?> Junk { get; } = new("--junk")
    {
        Description = "Folder with images that show no part, one folder per kind: measures how many of them are accepted.",
    };

    public Option<PrecisionSetting> Precision { get; } = new("--precision")
    {
        Description = "Precision to run the bundles in: fp32, int8, fp16, or auto as the worker chooses.",
        DefaultValueFactory = _ => PrecisionSetting.Fp32,
    };

    public Option<string?> Report { get; } = new("--report")
    {
        Description = "Write an HTML report to this file; it needs no other files.",
    };

    public Option<string?> Run { get; } = new("--run") { Description = "Run folder; the report then includes its training curves." };

    public Option<bool> Json { get; } = new("--json") { Description = "Print one JSON object." };

    public Option<bool> PerClass { get; } = new("--per-class") { Description = "Print one line per class, worst first." };

    public IEnumerable<Option> All =>
    [
        Bundle, Data, Split, Labels, .. Reviews.All, WithoutCopiesOf, Holdout, LeaveClassesOut, EnrollPhotos, EnrollDraws, EnrollSplit,
        EnrollViews, Seed, Junk, Precision, Report, Run, Json, PerClass,
    ];

    /// <exception cref="UserErrorException">Options of class folds without folds, or those of single bundles with them.</exception>
    public void RequireMatching(ParseResult parsed)
    {
        var folds = parsed.GetValue(LeaveClassesOut) is not null;
        Option[] wrong = folds
            ? [Holdout, Report, Run, PerClass, Precision, WithoutCopiesOf]
            : [EnrollPhotos, EnrollDraws, EnrollSplit, EnrollViews, Seed];
        if (wrong.FirstOrDefault(o => parsed.GetResult(o) is { Implicit: false }) is { } given)
        {
            throw new UserErrorException($"{given.Name} {(folds ? "cannot be used with" : "needs")} {LeaveClassesOut.Name}");
        }
    }

    /// <summary>The numbers of photos of --enroll-shots; empty if it is not given.</summary>
    /// <exception cref="UserErrorException">Not a list of numbers in range.</exception>
    public int[] PhotosToEnroll(ParseResult parsed)
    {
        var text = parsed.GetValue(EnrollPhotos);
        int[] numbers = [.. text?.Split(',').Select(t => int.TryParse(t, CultureInfo.InvariantCulture, out var n) ? n : 0) ?? []];
        return Array.TrueForAll(numbers, n => n is >= 1 and <= MostPhotos)
            ? numbers
            : throw new UserErrorException($"{EnrollPhotos.Name} {text}: must be numbers 1..{MostPhotos} with commas, such as 5,20");
    }
}
