using System.CommandLine;
using System.Text.Json;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Inference;
using PartsWorker.Trainer.Evaluation;

namespace PartsWorker.Trainer.Commands;

/// <summary><c>partstrainer verify</c>: checks that a bundle reproduces its golden outputs on this machine.</summary>
internal static class VerifyCommand
{
    public static Command Create()
    {
        var bundle = new Option<string>("--bundle") { Description = "Bundle folder, models/<name>/<version>.", Required = true };
        var device = new Option<ExecutionDevice>("--device")
        {
            Description = "Where to run: auto, cuda or cpu.",
            DefaultValueFactory = _ => ExecutionDevice.Auto,
        };
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        var command = new Command(
            "verify",
            """
            Checks the file hashes and golden outputs of a bundle with the worker's own inference code.
            Example: partstrainer verify --bundle models/parts/1
            """)
        {
            bundle, device, json,
        };
        command.SetAction((parsed, _) =>
        {
            var opened = ModelBundle.Open(parsed.GetValue(bundle)!);
            using var runner = new BundleRunner(opened, parsed.GetValue(device));
            var report = BundleVerifier.Verify(opened, runner.Classifier, runner.Preprocessor);
            Console.WriteLine(parsed.GetValue(json)
                ? Json(report, opened.GalleryImages.Count)
                : $"{opened.Key}: {report.Images} golden images reproduced on {runner.Classifier.Device}, "
                    + $"{opened.GalleryImages.Count} gallery images; "
                    + $"largest differences: embedding {report.Embedding:0.0e+0}, scores {report.Scores:0.0e+0}, "
                    + $"logits {report.Logits:0.0e+0}, confidence {report.Confidence:0.0e+0}");
            return Task.FromResult(0);
        });
        return command;
    }

    private static string Json(VerificationReport report, int galleryImages)
    {
        var fields = JsonSerializer.SerializeToNode(report, JsonSerializerOptions.Web)!;
        fields["galleryImages"] = galleryImages;
        return fields.ToJsonString(JsonSerializerOptions.Web);
    }
}
