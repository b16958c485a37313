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
        var json = new Option<bool>("--json") { Description = "Print one JSON object per precision." };
        var command = new Command(
            "verify",
            """
            Checks the file hashes and golden outputs of a bundle, in each of its precisions, with the worker's own inference code.
            Example: partstrainer verify --bundle models/parts/1
            """)
        {
            bundle, device, json,
        };
        command.SetAction((parsed, _) =>
        {
            var opened = ModelBundle.Open(parsed.GetValue(bundle)!);
            foreach (var precision in opened.Precisions)
            {
                Verify(opened, precision, parsed.GetValue(device), parsed.GetValue(json));
            }

            return Task.FromResult(0);
        });
        return command;
    }

    // 8-bit graphs run on a CPU only, float16 graphs only where float32 runs too.
    private static void Verify(ModelBundle bundle, Precision precision, ExecutionDevice device, bool json)
    {
        var setting = PrecisionSettings.Of(precision);
        using var runner = new BundleRunner(bundle, precision == Precision.Int8 ? ExecutionDevice.Cpu : device, precision: setting);
        var report = BundleVerifier.Verify(bundle, runner.Classifier, runner.Preprocessor);
        var name = Precisions.NameOf(precision);
        Console.WriteLine(json
            ? Json(report, name, bundle.GalleryImages.Count)
            : $"{bundle.Key}: {report.Images} golden images reproduced in {name} on {runner.Classifier.Device}, "
                + $"{bundle.GalleryImages.Count} gallery images; "
                + $"largest differences: embedding {report.Embedding:0.0e+0}, scores {report.Scores:0.0e+0}, "
                + $"logits {report.Logits:0.0e+0}, confidence {report.Confidence:0.0e+0}");
    }

    private static string Json(VerificationReport report, string precision, int galleryImages)
    {
        var fields = JsonSerializer.SerializeToNode(report, JsonSerializerOptions.Web)!;
        fields["precision"] = precision;
        fields["galleryImages"] = galleryImages;
        return fields.ToJsonString(JsonSerializerOptions.Web);
    }
}
