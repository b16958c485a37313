using PartsWorker.Bundles.Bundle;
using PartsWorker.Trainer.Data;
using PartsWorker.Trainer.Evaluation;
using PartsWorker.Trainer.Export;
using PartsWorker.Trainer.Networks;
using PartsWorker.Trainer.Refreshing;
using PartsWorker.Trainer.Training;
using Xunit.Abstractions;

namespace PartsWorker.Trainer.Tests.Refreshing;

/// <summary>
/// A month of nightly refreshes on real photos: a bundle of 30 classes, 10 more that only reviews name, and 5 % wrong reviews. In a fifth
/// week three of five reviews are wrong.
/// </summary>
public sealed class RefreshMonthTests(ITestOutputHelper output) : IDisposable
{
    private const string FirstSizes = "96:0.6,128";
    private static readonly DateTimeOffset Start = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly string _folder = Directory.CreateTempSubdirectory("refresh-month-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [RefreshMonthFact]
    public void A_month_of_reviews_makes_the_bundle_better_and_a_week_of_wrong_ones_does_not_change_it()
    {
        var month = new ReviewMonth(RefreshMonthFactAttribute.Data!, Start);
        var serving = TrainFirst(month.Base);
        output.WriteLine("week | verdict | frozen set | reviews | right of all test photos | of the classes known at the start");
        output.WriteLine($"0 | first bundle | | 0 | {Percent(month, serving)}");

        for (var week = 1; week <= ReviewMonth.Weeks; week++)
        {
            var result = Refresh(serving, month, week, month.Reviews(week, wrong: 0.05f));
            var before = Percent(month, serving);
            serving = result.Bundle is { } better ? ModelBundle.Open(better) : serving;
            output.WriteLine($"{week} | {Text(result)} | {before} -> {Percent(month, serving)}");
        }

        Assert.Equal(ReviewMonth.Known + ReviewMonth.Added, serving.Labels.Classes.Count);
        var bad = Refresh(serving, month, ReviewMonth.Weeks + 1, month.Reviews(ReviewMonth.Weeks + 1, wrong: 0.6f));
        output.WriteLine($"5, three of five reviews wrong | {Text(bad)}");
        Assert.False(bad.Better, bad.Reason);
    }

    private static string Text(RefreshResult result)
    {
        var set = result.Frozen;
        var frozen = $"{set.Serving.FusedTop1:P1} -> {set.Candidate.FusedTop1:P1} of {set.Images} (at most {set.High * 100:+0.0;-0.0;0.0})";
        return $"{result.Reason} | {frozen} | {result.TrainingReviews}";
    }

    private static string Percent(ReviewMonth month, ModelBundle bundle)
    {
        using var runner = new BundleRunner(bundle);
        var ids = bundle.Labels.Classes.ToDictionary(c => c.Name, c => c.Id, StringComparer.Ordinal);
        var images = month.Test.Images
            .Select(i => i with { ClassId = ids.GetValueOrDefault(month.Test.Labels.Classes[i.ClassId].Name, int.MaxValue) })
            .ToArray();
        var evaluator = new Evaluator(bundle);
        var known = images.Where(i => i.ClassId < ReviewMonth.Known).ToArray();
        var right = runner.Run([.. images.Where(i => i.ClassId < int.MaxValue)], [])
            .Select(evaluator.Classify)
            .Where(c => c.Right)
            .ToArray();
        return $"{right.Length / (double)images.Length:P1} | {right.Count(c => c.TrueClass < ReviewMonth.Known) / (double)known.Length:P1}";
    }

    private RefreshResult Refresh(ModelBundle serving, ReviewMonth month, int week, IReadOnlyList<Review> reviews)
    {
        var from = Start.AddDays(7 * (week - 1));
        return new Refresher(
            new()
            {
                Serving = serving,
                Data = new RefreshDataBuilder(serving, from, ReviewSplit.DefaultEvery).Build(month.Base, reviews, month.Frozen),
                RunFolder = Directory.CreateDirectory(Path.Combine(_folder, $"week-{week}")).FullName,
                ModelsRoot = Path.Combine(_folder, "models"),
                Version = $"{week}",
            },
            TextWriter.Null).Run(CancellationToken.None)!;
    }

    /// <summary>Preset shared at smaller sizes, which halve the time.</summary>
    private ModelBundle TrainFirst(DataFolder data)
    {
        var run = Directory.CreateDirectory(Path.Combine(_folder, "first")).FullName;
        var preset = Presets.All.Single(p => p.Name == "shared").One;
        var sizes = SizePhase.Parse(FirstSizes);
        var options = preset.Options with { Sizes = sizes, Network = preset.Options.Network with { InputSize = sizes[^1].Size } };
        new StageRun(data, run, Path.Combine(run, "cache"), 1, TextWriter.Null, Terminal: false)
            .Run(Stage.One, preset with { Options = options }, CancellationToken.None);
        var trained = TrainedRun.Open(run);
        var (training, validation) = trained.Split(data, cacheFolder: null, share: null);
        var (one, two) = trained.ToOnnx(WeightStorage.Fp16, mirrored: false);
        return new BundleAssembler(new()
        {
            ModelsRoot = Path.Combine(_folder, "models"),
            Name = "month",
            Version = "0",
            StageOne = one,
            StageTwo = two,
            EmbeddingSize = trained.EmbeddingSize,
            FeatureSize = trained.FeatureSize,
            InputSize = trained.InputSize,
            TrainingSummary = trained.Summary(),
            Labels = data.Labels,
            Training = training,
            Validation = validation,
            License = "as the images",
            GalleryPerClass = 8,
            HalfGallery = true,
            Created = Start,
        }).Run();
    }
}

/// <summary>Runs only with the environment variable PARTS_MONTH_DATA, because it takes about half an hour.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RefreshMonthFactAttribute : FactAttribute
{
    public RefreshMonthFactAttribute()
    {
        if (Data is null)
        {
            Skip = "takes half an hour: set PARTS_MONTH_DATA to a data set with the splits train and test, such as real-parts";
        }
    }

    public static string? Data { get; } = Environment.GetEnvironmentVariable("PARTS_MONTH_DATA");
}
