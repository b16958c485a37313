using System.CommandLine;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Bundles.Fusion;
using PartsWorker.Trainer.Calibration;
using PartsWorker.Trainer.Data;
using PartsWorker.Trainer.Evaluation;
using PartsWorker.Trainer.Export;
using PartsWorker.Trainer.Reports;

namespace PartsWorker.Trainer.Commands;

/// <summary>
/// <c>partstrainer calibrate</c>: fits the fusion constants and thresholds of a bundle on images outside its training data.
/// </summary>
internal static class CalibrateCommand
{
    public static Command Create()
    {
        var bundle = new Option<string>("--bundle")
        {
            Description = "Bundle to calibrate. It is not changed; a new version is written.",
            Required = true,
        };
        var data = new Option<string>("--data")
        {
            Description = "Labeled images that were not used for training and are not in the gallery.",
            Required = true,
        };
        var split = new Option<string?>("--split") { Description = "Subfolder of --data, such as val." };
        var version = new Option<string>("--version-name") { Description = "Name of the new version.", Required = true };
        var accuracy = new Option<double>("--accuracy")
        {
            Description = "Target accuracy of accepted answers, 0..1; less confident answers become unknown. 0 keeps the thresholds.",
            DefaultValueFactory = _ => 0,
        };
        var falseAlarms = new Option<double?>("--false-alarms")
        {
            Description = "Share of good images that may become unknown, above 0 and up to 0.5; sets the threshold of the unknown "
                + $"detector; default: the share of the bundle's detector, or {AssemblyRequest.DefaultFalseAlarms}.",
        };
        var junk = new Option<string?>("--junk")
        {
            Description = "Only for a bundle without an unknown detector: folder with images that show no part; default: 340 drawn images.",
        };
        var command = new Command(
            "calibrate",
            """
            Fits the fusion constants and the thresholds for unknown, and writes a new version of the bundle.
            Example: partstrainer calibrate --bundle models/parts/1 --data parts --split val --version-name 2 --accuracy 0.98
            """)
        {
            bundle, data, split, version, accuracy, falseAlarms, junk,
        };
        command.SetAction((parsed, cancel) =>
        {
            var opened = ModelBundle.Open(parsed.GetValue(bundle)!);
            NextVersion.RequireNew(opened, parsed.GetValue(version)!);
            var folder = BundleClasses.Match(opened, DataFolder.Open(parsed.GetValue(data)!, parsed.GetValue(split), everyClass: false));
            var least = OptionRange.Within<double>(accuracy, parsed.GetValue(accuracy), 0, 1)!.Value;
            var alarms = FalseAlarms(parsed.GetValue(falseAlarms), opened);
            using var images = Junk(opened, parsed.GetValue(junk));
            var targets = new Targets(least, alarms, images?.Images ?? []);
            return Task.FromResult(Run(opened, folder, targets, parsed.GetValue(version)!, cancel));
        });
        return command;
    }

    private static int Run(ModelBundle bundle, DataFolder folder, Targets targets, string version, CancellationToken cancel)
    {
        var skipped = new List<SkippedImage>();
        using var runner = new BundleRunner(bundle);
        var outputs = EvaluateCommand.Classify(runner, folder.Images, skipped, cancel);
        SkippedLines.Print(skipped);
        var before = new Evaluator(bundle).Evaluate("before", outputs, skipped.Count);
        outputs = outputs.ConvertAll(o => o.BestPerClass(bundle.GalleryClasses));
        var fit = new FusionFit(bundle.Labels, bundle.GalleryClasses, outputs).Fit(EvidenceRules.MaxHit);
        var fusion = fit.Constants;
        Console.WriteLine(
            $"{fusion.Rule}: NLL {fit.Nll:0.0000} at T1 {fusion.T1:0.00000}, Tc {fusion.Tc:0.0000}, "
                + $"Ts {fusion.Ts:0.0000}, wc {fusion.Wc:0.0000}, ws {fusion.Ws:0.0000}");
        var detector = Detector(bundle, runner, fusion, outputs, targets, cancel);
        var known = detector is null ? null : new KnownScore(detector, bundle.Manifest.StageTwo.DistanceNames ?? []);
        var after = new Evaluator(fusion, new(), bundle.Labels, bundle.GalleryClasses, known).Evaluate("after", outputs, skipped.Count);
        var thresholds = targets.Accuracy > 0 ? ThresholdChoice.Choose(after.Answers, targets.Accuracy) : bundle.Manifest.Thresholds;
        var quality = QualityThresholds.Fit([.. outputs.Select(image => image.Quality)]);
        var decided = new Evaluator(fusion, thresholds, bundle.Labels, bundle.GalleryClasses, known, quality);
        var final = decided.Evaluate("final", outputs, skipped.Count);
        var made = new Recalibration(bundle).Write(
            version, fusion, thresholds, detector, quality, after, TimeProvider.System.GetUtcNow());
        Console.WriteLine(
            $"on these images: fused top-1 {before.FusedTop1:P2} -> {after.FusedTop1:P2}, "
                + $"calibration error {before.Ece:0.0000} -> {after.Ece:0.0000}, "
                + $"unknown {before.UnknownRate:P1} -> {final.UnknownRate:P1}");
        PrintThresholds(thresholds, detector, targets.Accuracy, final);
        if (after.Ece > before.Ece)
        {
            Console.Error.WriteLine("partstrainer: warning: the calibration error on these images is worse than before");
        }

        Console.WriteLine($"{made.Directory}: {made.Key}");
        return 0;
    }

    private static void PrintThresholds(UnknownThresholds thresholds, UnknownDetector? detector, double accuracy, EvaluationResult final)
    {
        Console.WriteLine(
            $"thresholds: confidence {thresholds.Confidence:0.0000}, similarity {thresholds.Similarity:0.0000}"
                + (detector is null ? "" : $", unknown detector {Describe(detector)}")
                + $"; below them {final.UnknownRate:P1} of these images are unknown");
        if (accuracy > 0 && final.Answers.Where(answer => answer.Verdict.ClassId is not null).ToArray() is { Length: > 0 } accepted)
        {
            Console.WriteLine(
                $"accuracy of the accepted ones: {accepted.Count(answer => answer.Right) / (double)accepted.Length:P2} "
                    + $"(target {accuracy:P1})");
        }
    }

    private static string Describe(UnknownDetector detector) => detector.ClassThresholds is { } own
        ? $"{detector.Threshold:0.000} and {own.Values.Min():0.000} to {own.Values.Max():0.000} for {own.Count} classes with at least "
            + $"{DetectorFit.ImagesPerClass(detector.FalseAlarms)} images"
        : $"{detector.Threshold:0.000}";

    /// <summary>The detector of the bundle, or a new one, with a threshold for these images; null if there is nothing to fit.</summary>
    private static UnknownDetector? Detector(
        ModelBundle bundle,
        BundleRunner runner,
        FusionConstants fusion,
        IReadOnlyList<ImageOutputs> outputs,
        Targets targets,
        CancellationToken cancel)
    {
        var names = bundle.Manifest.StageTwo.DistanceNames ?? [];
        var fit = new DetectorFit(fusion, bundle.Labels, bundle.GalleryClasses, names, []);
        var tests = bundle.Manifest.Detector?.Tests ?? FitTests(bundle, runner, fit, outputs, targets.Junk, cancel);
        return tests.Count == 0 ? null : fit.WithThreshold(tests, outputs, targets.FalseAlarms);
    }

    private static IReadOnlyList<DetectorTest> FitTests(
        ModelBundle bundle,
        BundleRunner runner,
        DetectorFit fit,
        IReadOnlyList<ImageOutputs> outputs,
        IReadOnlyList<LabeledImage> junk,
        CancellationToken cancel)
    {
        var skipped = new List<SkippedImage>();
        var unknown = EvaluateCommand.Classify(runner, junk, skipped, cancel).ConvertAll(o => o.BestPerClass(bundle.GalleryClasses));
        SkippedLines.Print(skipped);
        var removed = outputs.Select(o => o.Without(bundle.GalleryClasses, id => id == o.ClassId)).Where(o => o.Scores.Length > 0);
        return fit.FitTests(outputs, [.. removed], unknown);
    }

    /// <summary>Images for a new detector; null if the bundle has one, because calibrate keeps its tests.</summary>
    private static JunkImages? Junk(ModelBundle bundle, string? folder) =>
        bundle.Manifest.Detector is null ? new(folder)
        : folder is null ? null
        : throw new UserErrorException($"--junk has no effect, because {bundle.Key} has an unknown detector already; remove --junk");

    private static double FalseAlarms(double? given, ModelBundle bundle)
    {
        var share = given ?? bundle.Manifest.Detector?.FalseAlarms ?? AssemblyRequest.DefaultFalseAlarms;
        return share is > 0 and <= 0.5
            ? share
            : throw new UserErrorException(
                $"--false-alarms {share}: must be above 0 and at most 0.5, such as 0.02 for 2 % of good images");
    }

    private sealed record Targets(double Accuracy, double FalseAlarms, IReadOnlyList<LabeledImage> Junk);
}
