using System.CommandLine;
using PartsWorker.Inference;
using PartsWorker.Trainer.Refreshing;

namespace PartsWorker.Trainer.Commands;

/// <summary>The options of <c>refresh</c>.</summary>
internal sealed class RefreshCommandOptions
{
    public Option<string> Bundle { get; } = new("--bundle") { Description = "Serving bundle, models/<name>/<version>.", Required = true };

    public Option<string> Data { get; } = new("--data")
    {
        Description = "Base data: images of every class of the bundle, in one folder per class, or a CSV manifest.",
        Required = true,
    };

    public Option<string?> Split { get; } = new("--split") { Description = "Subfolder of --data to train on, such as train." };

    public ReviewOptions Reviews { get; } = new();

    public Option<DateTimeOffset> RecentFrom { get; } = ReviewOptions.Moment(
        "--recent-from",
        "Reviews of images captured at or after this time are recent, and a part of them is held out; default: when the bundle was made");

    public Option<int> HoldOut { get; } = new("--hold-out")
    {
        Description = "Hold out one of this many recent reviews, 2..100.",
        DefaultValueFactory = _ => ReviewSplit.DefaultEvery,
    };

    public Option<string> Frozen { get; } = new("--frozen")
    {
        Description = "Test images that are never trained on, in one folder per class, or a CSV manifest.",
        Required = true,
    };

    public Option<string?> FrozenSplit { get; } = new("--frozen-split") { Description = "Subfolder of --frozen, such as test." };

    public Option<string> Run { get; } = new("--run") { Description = "Folder for the checkpoints and logs of this run.", Required = true };

    public Option<string> Out { get; } = new("--out")
    {
        Description = "Folder for <name>/<version>.",
        DefaultValueFactory = _ => "models",
    };

    public Option<string> Version { get; } = new("--version-name") { Description = "Name of the new version.", Required = true };

    public Option<string?> Junk { get; } = new("--junk")
    {
        Description = "Folder with images that show no part, as for export; default: 340 drawn images. "
            + "A bundle without an unknown detector stays without one and needs none.",
    };

    public Option<string?> Preset { get; } = new("--preset")
    {
        Description = "Preset whose loss and augmentation apply; default: the first one with the network of the bundle.",
    };

    public Option<int?> Epochs { get; } = new("--epochs") { Description = "Passes over the training images; default 4." };

    public Option<float?> LearningRate { get; } = new("--lr")
    {
        Description = "Peak learning rate; default: a quarter of the preset's.",
    };

    public Option<int?> Batch { get; } = new("--batch") { Description = "Images per step." };

    public Option<double> Margin { get; } = new("--margin")
    {
        Description = "Largest accepted loss on the frozen set in points, 0..100.",
        DefaultValueFactory = _ => RefreshVerdict.DefaultMargin,
    };

    public Option<bool> Keep { get; } = new("--keep") { Description = "Write the version even if it is not better." };

    public Option<bool> Json { get; } = new("--json") { Description = "Print one JSON object." };

    public Option<int?> Seed { get; } = new("--seed") { Description = "Random seed; default 1." };

    public Option<int?> Threads { get; } = new("--threads") { Description = "Threads per training step; default 0 = all cores." };

    public Option<ExecutionDevice?> Device { get; } = DeviceOption.Create();

    public IEnumerable<Option> All =>
    [
        Bundle, Data, Split, .. Reviews.All, RecentFrom, HoldOut, Frozen, FrozenSplit, Run, Out, Version, Junk, Preset, Epochs,
        LearningRate, Batch, Margin, Keep, Json, Seed, Threads, Device,
    ];

    /// <exception cref="UserErrorException">A value is out of range, or --from-reviews is missing.</exception>
    public void RequireValid(ParseResult parsed)
    {
        var (every, margin) = (parsed.GetValue(HoldOut), parsed.GetValue(Margin));
        if (!parsed.GetValue(Reviews.FromReviews))
        {
            throw new UserErrorException($"refresh compares the bundles on recent reviews; give {Reviews.FromReviews.Name}");
        }

        if (every is < 2 or > 100 || margin is not (>= 0 and <= 100))
        {
            throw new UserErrorException($"{HoldOut.Name} {every}, {Margin.Name} {margin}: must be 2..100 and 0..100");
        }
    }

    public FineTuning Schedule(ParseResult parsed) => new()
    {
        Preset = parsed.GetValue(Preset),
        Epochs = OptionRange.Within(Epochs, parsed.GetValue(Epochs), 1),
        LearningRate = parsed.GetValue(LearningRate),
        BatchSize = OptionRange.Within(Batch, parsed.GetValue(Batch), 1),
        Seed = parsed.GetValue(Seed),
        Threads = OptionRange.Within(Threads, parsed.GetValue(Threads), 0),
        Device = parsed.GetValue(Device),
    };
}
