using System.CommandLine;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Trainer.Data;
using PartsWorker.Trainer.Evaluation;
using PartsWorker.Trainer.Reports;

namespace PartsWorker.Trainer.Commands;

/// <summary><c>partstrainer evaluate</c>: measures a bundle on labeled images.</summary>
internal static class EvaluateCommand
{
    public static Command Create()
    {
        var bundle = new Option<string[]>("--bundle")
        {
            Description = "Bundle folder, models/<name>/<version>. With several bundles, their majority vote is measured too.",
            Required = true,
        };
        var data = new Option<string?>("--data")
        {
            Description = "Folder with one folder per class, with labels.json in it or in its parent, or a CSV manifest.",
        };
        var reviews = new ReviewOptions();
        var split = new Option<string?>("--split") { Description = "Subfolder, or value of the manifest's split column, such as test." };
        var labels = new Option<string?>("--labels")
        {
            Description = "labels.json or cs_label.json, if it is not in the data folder or its parent.",
        };
        var holdout = new Option<string[]>("--holdout-classes")
        {
            Description = "Classes to remove from the gallery, so that their images become unknown parts: names, "
                + "or a number n to remove every n-th class.",
            AllowMultipleArgumentsPerToken = true,
        };
        var report = new Option<string?>("--report") { Description = "Write an HTML report to this file; it needs no other files." };
        var run = new Option<string?>("--run") { Description = "Run folder; the report then includes its training curves." };
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        var classes = new Option<bool>("--per-class") { Description = "Print one line per class, worst first." };
        var command = new Command(
            "evaluate",
            """
            Measures a bundle on labeled images: embedder, color, shape, fusion, recall, calibration, unknown parts.
            Example: partstrainer evaluate --bundle models/parts/1 --data parts --split test
            """)
        {
            bundle, data, split, labels, holdout, report, run, json, classes,
        };
        foreach (var option in reviews.All)
        {
            command.Options.Add(option);
        }

        command.SetAction((parsed, cancel) =>
        {
            var bundles = parsed.GetValue(bundle)!.Select(ModelBundle.Open).ToArray();
            var folder = reviews.Open(
                parsed, parsed.GetValue(data), parsed.GetValue(split), parsed.GetValue(labels), bundles[0].Labels, everyClass: false);
            var result = Run(bundles, folder, parsed.GetValue(holdout) ?? [], cancel);
            if (parsed.GetValue(json))
            {
                Console.WriteLine(result.ToJson());
            }
            else
            {
                EvaluationTable.Print(result, bundles[0].Labels, parsed.GetValue(classes));
            }

            if (parsed.GetValue(report) is { } file)
            {
                HtmlReport.WriteEvaluation(file, result, bundles[0].Labels, parsed.GetValue(run));
            }

            return Task.FromResult(0);
        });
        return command;
    }

    private static EvaluationResult Run(ModelBundle[] bundles, DataFolder folder, string[] holdout, CancellationToken cancel)
    {
        var results = bundles.Select(b => Measure(b, folder, holdout, cancel)).ToArray();
        return results.Length == 1 ? results[0] : results[0] with { EnsembleTop1 = Ensemble.Top1(results) };
    }

    private static EvaluationResult Measure(ModelBundle bundle, DataFolder folder, string[] holdout, CancellationToken cancel)
    {
        folder = BundleClasses.Match(bundle, folder);
        using var runner = new BundleRunner(bundle);
        var skipped = new List<SkippedImage>();
        List<ImageOutputs> outputs;
        using (var progress = new ProgressLine("evaluating", folder.Images.Count))
        {
            outputs = runner.Run(folder.Images, skipped, progress, cancel: cancel);
        }

        SkippedLines.Print(skipped);
        if (outputs.Count == 0)
        {
            throw new UserErrorException($"{folder.Path}: no image could be read", exitCode: 1);
        }

        var result = new Evaluator(bundle).Evaluate(bundle.Key, outputs, skipped.Count);
        return holdout.Length == 0 ? result : new UnknownParts(bundle, holdout).Measure(outputs, result);
    }
}
