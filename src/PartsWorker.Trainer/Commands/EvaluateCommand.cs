using System.CommandLine;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Inference;
using PartsWorker.Trainer.Checking;
using PartsWorker.Trainer.Data;
using PartsWorker.Trainer.Evaluation;
using PartsWorker.Trainer.Export;
using PartsWorker.Trainer.Reports;

namespace PartsWorker.Trainer.Commands;

/// <summary><c>partstrainer evaluate</c>: measures a bundle on labeled images.</summary>
internal static class EvaluateCommand
{
    public static Command Create()
    {
        var options = new EvaluateCommandOptions();
        var command = new Command(
            "evaluate",
            """
            Measures a bundle on labeled images: embedder, color, shape, fusion, recall, calibration, unknown parts.
            Example: partstrainer evaluate --bundle models/parts/1 --data parts --split test --junk junk
            Classes never trained on: partstrainer evaluate --data parts --split test --leave-classes-out 2
              --bundle models/parts/fold0 models/parts/fold1 --enroll-shots 5,20
            """);
        foreach (var option in options.All)
        {
            command.Options.Add(option);
        }

        command.SetAction((parsed, cancel) =>
        {
            options.RequireMatching(parsed);
            var bundles = parsed.GetValue(options.Bundle)!.Select(ModelBundle.Open).ToArray();
            return Task.FromResult(parsed.GetValue(options.LeaveClassesOut) is { } folds
                ? EvaluateFolds.Run(parsed, options, bundles, folds, cancel)
                : Run(parsed, options, bundles, cancel));
        });
        return command;
    }

    /// <summary>Runs images through a bundle, with a progress line.</summary>
    /// <exception cref="UserErrorException">No image could be read.</exception>
    public static List<ImageOutputs> Classify(
        BundleRunner runner, IReadOnlyList<LabeledImage> images, List<SkippedImage> skipped, CancellationToken cancel)
    {
        using var progress = new ProgressLine("evaluating", images.Count);
        var outputs = runner.Run(images, skipped, progress, cancel: cancel);
        return outputs.Count > 0 || images.Count == 0
            ? outputs
            : throw new UserErrorException(
                $"none of {images.Count} images could be read; the last error: {skipped[^1].Path}: {skipped[^1].Reason}", exitCode: 1);
    }

    private static int Run(ParseResult parsed, EvaluateCommandOptions options, ModelBundle[] bundles, CancellationToken cancel)
    {
        var folder = options.Reviews.Open(
            parsed,
            parsed.GetValue(options.Data),
            parsed.GetValue(options.Split),
            parsed.GetValue(options.Labels),
            bundles[0].Labels,
            everyClass: false);
        folder = WithoutCopies(parsed, options, folder, cancel);
        var junk = parsed.GetValue(options.Junk) is { } path ? JunkFolder.Open(path) : null;
        var (holdout, precision) = (parsed.GetValue(options.Holdout) ?? [], parsed.GetValue(options.Precision));
        var results = bundles.Select(b => Measure(b, precision, folder, holdout, junk, cancel)).ToArray();
        var result = results[0] with
        {
            EnsembleTop1 = results.Length == 1
                ? null
                : Ensemble.Top1([.. results.Select(r => r.Answers)], [.. bundles.Select(b => b.Labels)]),
            Classes = ClassReliability.Of(results[0].Answers, bundles[0].Labels),
        };
        if (parsed.GetValue(options.Json))
        {
            Console.WriteLine(result.ToJson());
        }
        else
        {
            EvaluationTable.Print(result, bundles[0].Labels, parsed.GetValue(options.PerClass));
        }

        if (parsed.GetValue(options.Report) is { } file)
        {
            HtmlReport.WriteEvaluation(file, result, bundles[0].Labels, parsed.GetValue(options.Run));
        }

        return 0;
    }

    private static DataFolder WithoutCopies(
        ParseResult parsed, EvaluateCommandOptions options, DataFolder folder, CancellationToken cancel)
    {
        if (parsed.GetValue(options.WithoutCopiesOf) is not { } split)
        {
            return folder;
        }

        var path = parsed.GetValue(options.Data) ?? throw new UserErrorException($"{options.WithoutCopiesOf.Name} needs --data");
        var seen = DataFolder.Open(path, split, parsed.GetValue(options.Labels), everyClass: false, withoutLabels: true);
        var (first, second) = (DataScan.Read(seen, cancel), DataScan.Read(folder, cancel));
        var found = SplitCopies.Find(first.Images, second.Images, cancel: cancel);
        var copies = found.Select(c => c.Second.Path).ToHashSet(StringComparer.Ordinal);
        Console.Error.WriteLine($"{copies.Count} of {folder.Images.Count} images left out: they are copies of images of {split}");
        var left = folder.Images.Where(i => !copies.Contains(i.Path)).ToArray();
        return left.Length > 0 ? folder with { Images = left } : throw new UserErrorException(
            $"{options.WithoutCopiesOf.Name} {split}: leaves no image to measure", exitCode: 1);
    }

    private static EvaluationResult Measure(
        ModelBundle bundle,
        PrecisionSetting precision,
        DataFolder folder,
        string[] holdout,
        IReadOnlyList<LabeledImage>? junk,
        CancellationToken cancel)
    {
        folder = BundleClasses.Match(bundle, folder);
        using var runner = new BundleRunner(bundle, precision: precision);
        var skipped = new List<SkippedImage>();
        var outputs = Classify(runner, folder.Images, skipped, cancel);
        var evaluator = new Evaluator(bundle);
        var result = evaluator.Evaluate(bundle.Key, outputs, skipped.Count);
        if (junk is not null)
        {
            var classified = Classify(runner, junk, skipped, cancel).ConvertAll(evaluator.Classify);
            result = result with { Junk = JunkResult.Of(result.Answers, classified) };
        }

        SkippedLines.Print(skipped);
        if (holdout.Length == 0)
        {
            return result;
        }

        var distances = DistanceGraph.Read(File.ReadAllBytes(bundle.PathOf(bundle.Manifest.StageTwo.File)));
        return new UnknownParts(bundle, holdout, distances is null ? null : distances.Of).Measure(outputs, result);
    }
}
