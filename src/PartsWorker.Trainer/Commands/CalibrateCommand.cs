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
        var rule = new Option<string>("--rule")
        {
            Description = "Fusion rule: max-hit, all-hits, or best (the one with the lower loss).",
            DefaultValueFactory = _ => "best",
        };
        var accuracy = new Option<double>("--accuracy")
        {
            Description = "Target accuracy of accepted answers, 0..1; less confident answers become unknown. 0 keeps the thresholds.",
            DefaultValueFactory = _ => 0,
        };
        var falseAlarms = new Option<double>("--false-alarms")
        {
            Description = "Share of good images that may become unknown, above 0 and up to 0.5; sets the threshold of the unknown "
                + "detector.",
            DefaultValueFactory = _ => AssemblyRequest.DefaultFalseAlarms,
        };
        var command = new Command(
            "calibrate",
            """
            Fits the fusion constants and the thresholds for unknown, and writes a new version of the bundle.
            Example: partstrainer calibrate --bundle models/parts/1 --data parts --split val --version-name 2 --accuracy 0.98
            """)
        {
            bundle, data, split, version, rule, accuracy, falseAlarms,
        };
        command.SetAction((parsed, cancel) =>
        {
            var opened = ModelBundle.Open(parsed.GetValue(bundle)!);
            var folder = BundleClasses.Match(opened, DataFolder.Open(parsed.GetValue(data)!, parsed.GetValue(split), everyClass: false));
            var rules = Rules(parsed.GetValue(rule)!);
            var targets = new Targets(parsed.GetValue(accuracy), FalseAlarms(parsed.GetValue(falseAlarms)));
            return Task.FromResult(Run(opened, folder, rules, targets, parsed.GetValue(version)!, cancel));
        });
        return command;
    }

    private static IReadOnlyList<string> Rules(string name)
    {
        if (name == "best")
        {
            return EvidenceRules.All;
        }

        return EvidenceRules.IsKnown(name)
            ? [name]
            : throw new UserErrorException($"--rule {name}: must be best or one of {string.Join(", ", EvidenceRules.All)}");
    }

    private static int Run(
        ModelBundle bundle, DataFolder folder, IReadOnlyList<string> rules, Targets targets, string version, CancellationToken cancel)
    {
        var skipped = new List<SkippedImage>();
        List<ImageOutputs> outputs;
        using (var runner = new BundleRunner(bundle))
        using (var progress = new ProgressLine("classifying", folder.Images.Count))
        {
            outputs = runner.Run(folder.Images, skipped, progress, cancel: cancel);
        }

        SkippedLines.Print(skipped);
        var before = new Evaluator(bundle).Evaluate("before", outputs, skipped.Count);
        var fits = new FusionFit(bundle.Labels, bundle.GalleryClasses, outputs).FitAll(rules);
        foreach (var fit in fits)
        {
            Console.WriteLine(
                $"{fit.Constants.Rule}: NLL {fit.Nll:0.0000} at T1 {fit.Constants.T1:0.00000}, Tc {fit.Constants.Tc:0.0000}, "
                    + $"Ts {fit.Constants.Ts:0.0000}, wc {fit.Constants.Wc:0.0000}, ws {fit.Constants.Ws:0.0000}");
        }

        var detector = Detector(bundle, fits[0].Constants, outputs, targets.FalseAlarms);
        var known = detector is null ? null : new KnownScore(detector, bundle.Manifest.StageTwo.DistanceNames ?? []);
        var after = new Evaluator(fits[0].Constants, new(), bundle.Labels, bundle.GalleryClasses, known)
            .Evaluate("after", outputs, skipped.Count);
        var thresholds = targets.Accuracy > 0 ? ThresholdChoice.Choose(after.Answers, targets.Accuracy) : bundle.Manifest.Thresholds;
        var made = new Recalibration(bundle).Write(
            version, fits[0].Constants, thresholds, detector, after, TimeProvider.System.GetUtcNow());
        Console.WriteLine(
            $"on these images: fused top-1 {before.FusedTop1:P2} -> {after.FusedTop1:P2}, "
                + $"calibration error {before.Ece:0.0000} -> {after.Ece:0.0000}, "
                + $"unknown {before.UnknownRate:P1} -> {after.UnknownRate:P1}");
        Console.WriteLine($"{made.Directory}: {made.Key}");
        return 0;
    }

    /// <summary>The detector of the bundle with a threshold for these images; null if the bundle has none.</summary>
    private static UnknownDetector? Detector(
        ModelBundle bundle, FusionConstants fusion, IReadOnlyList<ImageOutputs> outputs, double falseAlarms) =>
        bundle.Manifest.Detector is { } detector
            ? new DetectorFit(fusion, bundle.Labels, bundle.GalleryClasses, bundle.Manifest.StageTwo.DistanceNames ?? [], [])
                .WithThreshold(detector.Tests, outputs, falseAlarms)
            : null;

    private static double FalseAlarms(double share) => share is > 0 and <= 0.5
        ? share
        : throw new UserErrorException($"--false-alarms {share}: must be above 0 and at most 0.5, such as 0.02 for 2 % of good images");

    private sealed record Targets(double Accuracy, double FalseAlarms);
}
