using System.CommandLine;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Trainer.Data;
using PartsWorker.Trainer.Evaluation;
using PartsWorker.Trainer.Export;
using PartsWorker.Trainer.Reports;

namespace PartsWorker.Trainer.Commands;

/// <summary><c>partstrainer evaluate --leave-classes-out</c>: measures bundles on the classes that they never saw.</summary>
internal static class EvaluateFolds
{
    public static int Run(
        ParseResult parsed, EvaluateCommandOptions options, ModelBundle[] bundles, int folds, CancellationToken cancel)
    {
        var photos = options.PhotosToEnroll(parsed);
        var draws = parsed.GetValue(options.EnrollDraws);
        if (draws is < 1 or > 1000)
        {
            throw new UserErrorException($"{options.EnrollDraws.Name} {draws}: must be 1..1000");
        }

        var foldOf = LeftOutClasses.FindFolds(bundles, folds);
        foreach (var bundle in bundles.Where(b => !b.Manifest.Data.ContainsKey(ClassFolds.DataKey)))
        {
            Console.Error.WriteLine(
                $"{bundle.Key}: {BundleManifest.FileName} does not record that training left these classes out "
                    + $"(data.{ClassFolds.DataKey}); if the networks saw them, the figures are too optimistic");
        }

        var tests = options.Reviews.Open(
            parsed,
            parsed.GetValue(options.Data),
            parsed.GetValue(options.Split),
            parsed.GetValue(options.Labels),
            bundles[0].Labels,
            everyClass: false);
        var inputs = new Inputs(
            tests,
            photos.Length == 0 ? null : OpenPhotos(parsed, options, tests),
            parsed.GetValue(options.Junk) is { } junk ? JunkFolder.Open(junk) : null);
        var plan = new Plan(photos, draws, ViewsOption.Read(parsed, options.EnrollViews), parsed.GetValue(options.Seed));
        var measured = bundles.Select((b, i) => Measure(b, foldOf[i], inputs, plan, cancel));
        var result = new FoldsResult { Folds = [.. measured.OrderBy(f => f.Fold)] };
        if (parsed.GetValue(options.Json))
        {
            Console.WriteLine(result.ToJson());
        }
        else
        {
            FoldsTable.Print(result);
        }

        return 0;
    }

    private static DataFolder OpenPhotos(ParseResult parsed, EvaluateCommandOptions options, DataFolder tests)
    {
        var photos = DataFolder.Open(
            parsed.GetValue(options.Data)
                ?? throw new UserErrorException($"{options.EnrollPhotos.Name} needs --data with the photos to enroll"),
            parsed.GetValue(options.EnrollSplit),
            parsed.GetValue(options.Labels),
            everyClass: false);
        var tested = tests.Images.Select(i => Path.GetFullPath(i.Path)).ToHashSet(StringComparer.Ordinal);
        return photos.Images.FirstOrDefault(p => tested.Contains(Path.GetFullPath(p.Path))) is { } twice
            ? throw new UserErrorException(
                $"{twice.Path}: is to be enrolled and tested; give different splits with --split and {options.EnrollSplit.Name}")
            : photos;
    }

    private static FoldResult Measure(ModelBundle bundle, int fold, Inputs inputs, Plan plan, CancellationToken cancel)
    {
        using var runner = new BundleRunner(bundle);
        var skipped = new List<SkippedImage>();
        var leftOut = LeftOutClasses.Of(bundle.Labels, bundle.GalleryClasses);
        var evaluator = new Evaluator(bundle);
        var outputs = EvaluateCommand.Classify(runner, BundleClasses.Match(bundle, inputs.Tests).Images, skipped, cancel);
        var junk = inputs.Junk is null
            ? null
            : EvaluateCommand.Classify(runner, inputs.Junk, skipped, cancel).ConvertAll(evaluator.Classify);
        var result = FoldResult.Of(fold, bundle.Key, outputs.ConvertAll(evaluator.Classify), leftOut, junk);
        if (inputs.Photos is not null)
        {
            var photos = BundleClasses.Match(bundle, inputs.Photos).Only(leftOut).Images;
            var enrollment = new EnrollmentDraws(bundle, Average(bundle, photos, plan.Views, skipped, cancel), outputs, plan.Seed);
            result = result with { Enrolled = [.. plan.Photos.Select(n => enrollment.Measure(n, plan.Draws))] };
        }

        SkippedLines.Print(skipped);
        return result;
    }

    private static List<ImageOutputs> Average(
        ModelBundle bundle, IReadOnlyList<LabeledImage> photos, int views, List<SkippedImage> skipped, CancellationToken cancel)
    {
        using var images = new VariedImages(bundle, Enrollment.ViewSeed);
        using var progress = new ProgressLine("enrolling", photos.Count);
        return images.WithAverages(photos, views, skipped, progress, cancel).ConvertAll(p => p.Averaged);
    }

    private sealed record Inputs(DataFolder Tests, DataFolder? Photos, IReadOnlyList<LabeledImage>? Junk);

    private sealed record Plan(int[] Photos, int Draws, int Views, int Seed);
}
