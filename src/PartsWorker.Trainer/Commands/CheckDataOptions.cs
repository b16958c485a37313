using System.CommandLine;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Trainer.Checking;

namespace PartsWorker.Trainer.Commands;

/// <summary>The options of <c>partstrainer check-data</c>.</summary>
internal sealed class CheckDataOptions
{
    private static readonly CheckOptions Default = new();

    public Option<string?> Data { get; } = new("--data")
    {
        Description = "Folder with one folder per class, with labels.json in it or in its parent, or a CSV manifest.",
    };

    public Option<string?> Split { get; } = new("--split")
    {
        Description = "Subfolder, or value of the manifest's split column, such as train.",
    };

    public Option<string[]> Against { get; } = new("--against")
    {
        Description = "Other split(s) to compare with: copies across splits are reported. Default with --split: all other splits in the "
            + "data folder.",
        AllowMultipleArgumentsPerToken = true,
    };

    public Option<string?> Labels { get; } = new("--labels")
    {
        Description = "labels.json or cs_label.json, if it is not in the data folder or its parent.",
    };

    public ReviewOptions Reviews { get; } = new();

    public Option<string[]> Bundles { get; } = new("--bundle", "--bundles")
    {
        Description = "Bundle(s) to check the labels with. Best are bundles that were not trained on these images. "
            + "Their classes may differ from those of the data.",
        AllowMultipleArgumentsPerToken = true,
    };

    public Option<int> Few { get; } = Number(
        "--few", "Report classes with fewer images, or fewer different scenes, than this.", Default.FewImages);

    public Option<int?> Size { get; } = new("--size")
    {
        Description = $"Side of the network's input; default: that of the bundle, or {Default.TrainingSize}.",
    };

    public Option<int> Top { get; } = Number("--top", "Number of label suspects to list.", Default.Top);

    public Option<int> More { get; } = Number(
        "--more", "Estimate the effect of this many further images per class, at most as many as it has.", Default.MoreImages);

    public Option<bool> PerClass { get; } = new("--per-class") { Description = "Print one line per class, smallest first." };

    public Option<bool> Json { get; } = new("--json") { Description = "Print one JSON object." };

    public Option<string?> Html { get; } = new("--html") { Description = "Write an HTML page to this file; it needs no other files." };

    public IEnumerable<Option> All =>
        [Data, Split, Against, Labels, .. Reviews.All, Bundles, Few, Size, Top, More, PerClass, Json, Html];

    /// <summary>The thresholds of the command line.</summary>
    public CheckOptions Read(ParseResult parsed, IReadOnlyList<ModelBundle> bundles) => new()
    {
        FewImages = Positive(parsed.GetValue(Few), Few.Name),
        TrainingSize = Positive(
            parsed.GetValue(Size) ?? bundles.Select(b => (int?)b.Manifest.Preprocessing.Size).FirstOrDefault() ?? Default.TrainingSize,
            Size.Name),
        Top = Positive(parsed.GetValue(Top), Top.Name),
        MoreImages = Positive(parsed.GetValue(More), More.Name),
    };

    private static int Positive(int value, string name) =>
        value >= 1 ? value : throw new UserErrorException($"{name} {value}: must be 1 or more");

    private static Option<int> Number(string name, string description, int otherwise) => new(name)
    {
        Description = description,
        DefaultValueFactory = _ => otherwise,
    };
}
