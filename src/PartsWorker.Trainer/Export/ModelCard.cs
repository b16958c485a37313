using System.Text;
using PartsWorker.Bundles.Bundle;
using PartsWorker.Bundles.Preprocessing;
using PartsWorker.Trainer.Data;

namespace PartsWorker.Trainer.Export;

/// <summary>Writes MODEL_CARD.md, which describes what a bundle classifies, how it was trained, its metrics and its limits.</summary>
internal static class ModelCard
{
    private const string Description = "Part classifier: an embedder with a gallery, and a meta model for color and shape.";
    private const int LongestInCard = 1500;
    private const string AboutMetrics = "The validation metrics were measured with a gallery that lacks these images. Near-identical "
        + "images are on one side of the validation split. Fusion was fitted on the same images, so the fused metrics are "
        + "slightly optimistic.";
    private const string NoMetrics = "None: no images were set aside for validation. Measure the bundle on other images with "
        + "`partstrainer evaluate`.";

    /// <param name="manifest">The bundle.</param>
    /// <param name="labels">Its classes.</param>
    /// <param name="licenses">License texts by file name; short ones are part of the card.</param>
    public static string Of(BundleManifest manifest, LabelSet labels, IReadOnlyList<(string Name, byte[] Content)> licenses)
    {
        var card = new StringBuilder();
        card.AppendLine($"# {manifest.Name} {manifest.Version}").AppendLine();
        card.AppendLine(manifest.Description ?? Description).AppendLine();
        if (manifest.StageOne.Features is not null)
        {
            card.AppendLine(
                $"One trunk: the meta model reads {manifest.StageOne.FeatureSize} features of the embedder instead of the image.");
            card.AppendLine();
        }

        card.AppendLine(Input(manifest.Preprocessing)).AppendLine();
        card.AppendLine($"Made {manifest.Created:yyyy-MM-dd} by partstrainer. License: {manifest.License}").AppendLine();
        card.AppendLine("## Classes").AppendLine();
        card.AppendLine(
            $"{labels.Classes.Count} classes, {Attributes(labels.Colors, "colors")}, {Attributes(labels.Shapes, "shapes")}.").AppendLine();
        card.AppendLine("## Data and training").AppendLine();
        foreach (var (key, value) in manifest.Data)
        {
            card.AppendLine($"* {key}: {value}");
        }

        card.AppendLine().AppendLine("## Metrics").AppendLine();
        foreach (var (key, value) in manifest.Metrics)
        {
            card.AppendLine($"* {key}: {value}");
        }

        card.AppendLine().AppendLine(manifest.Metrics.Count > 0 ? AboutMetrics : NoMetrics).AppendLine();
        if (manifest.Detector is { } detector)
        {
            AppendDetector(card, manifest, detector);
        }

        card.AppendLine("## Limits").AppendLine();
        card.AppendLine(
            "The answer is one of the classes of labels.json, or `unknown`. "
                + "The metrics do not cover parts, cameras and light that are missing from the images.");
        AppendLicenses(card, licenses);
        return card.ToString();
    }

    private static string Input(PreprocessingRecipe recipe) =>
        $"Input: images letterboxed to {recipe.Size}x{recipe.Size} pixels. " + recipe.DecodeScale switch
        {
            DecodeScale.HalfReserve => $"Large JPEGs are decoded at 1/2, 1/4 or 1/8, as long as both sides keep {2 * recipe.Size} pixels.",
            DecodeScale.NoReserve => $"Large JPEGs are decoded at 1/2, 1/4 or 1/8, as long as both sides keep {recipe.Size} pixels.",
            _ => "Every pixel is decoded, which takes most of the time for camera-sized images; see partstrainer decode-scale.",
        };

    private static string Attributes(IReadOnlyList<string> names, string what) => NewLabels.IsSpecified(names)
        ? $"{names.Count} {what} ({string.Join(", ", names)})"
        : $"no {what}: the data did not label them, and each answer says `{NewLabels.Unspecified}`";

    private static void AppendLicenses(StringBuilder card, IReadOnlyList<(string Name, byte[] Content)> licenses)
    {
        if (licenses.Count == 0)
        {
            return;
        }

        card.AppendLine().AppendLine("## Licenses").AppendLine();
        foreach (var (name, _) in licenses)
        {
            card.AppendLine($"* [{name}](licenses/{name})");
        }

        foreach (var (name, content) in licenses.Where(l => l.Content.Length <= LongestInCard))
        {
            card.AppendLine().AppendLine($"{name}:").AppendLine().AppendLine("```");
            card.AppendLine(Encoding.UTF8.GetString(content).Trim().ReplaceLineEndings("\n")).AppendLine("```");
        }
    }

    private static void AppendDetector(StringBuilder card, BundleManifest manifest, UnknownDetector detector)
    {
        card.AppendLine("## Unknown parts").AppendLine();
        card.AppendLine(
            $"The decision is `unknown` below a known score of {detector.Threshold}, the log odds that the bundle knows the part. The "
                + $"threshold holds back {detector.FalseAlarms:P0} of the good images that it was chosen on: in `export` the validation "
                + "images and views of them, one in five strongly augmented; in `calibrate` its labeled images.");
        if (detector.ClassThresholds is { } own)
        {
            card.AppendLine().AppendLine(
                $"Classes with a threshold of their own, which holds back this share of their images: {own.Count}, from "
                    + $"{own.Values.Min()} to {own.Values.Max()}.");
        }

        card.AppendLine();
        foreach (var test in detector.Tests)
        {
            card.AppendLine($"* test `{test.Name}`: {string.Join(", ", test.Weights.Keys)}");
        }

        card.AppendLine();
        if (manifest.Metrics.ContainsKey(BundleFigures.JunkAccepted))
        {
            card.AppendLine(
                $"`{BundleFigures.RemovedAccepted}` is the share of validation images that are accepted after their class was removed from "
                    + "the gallery; the networks saw these classes in training. "
                    + $"`{BundleFigures.JunkAccepted}` is the share of images without a part that are accepted. "
                    + "The detector was fitted on the same images, so both are optimistic.");
            card.AppendLine();
        }
    }
}
