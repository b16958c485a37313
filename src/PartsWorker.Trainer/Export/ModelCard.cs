using System.Text;
using PartsWorker.Bundles.Bundle;

namespace PartsWorker.Trainer.Export;

/// <summary>Writes MODEL_CARD.md, which describes what a bundle classifies, how it was trained, its metrics and its limits.</summary>
internal static class ModelCard
{
    private const string Description = "Part classifier: an embedder with a gallery, and a meta model for color and shape.";
    private const string AboutMetrics = "The validation metrics were measured with a gallery that lacks these images. Near-identical "
        + "images are on one side of the validation split. Fusion was fitted on the same images, so the fused metrics are "
        + "slightly optimistic.";

    public static string Of(BundleManifest manifest, LabelSet labels)
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

        card.AppendLine($"Made {manifest.Created:yyyy-MM-dd} by partstrainer. License: {manifest.License}").AppendLine();
        card.AppendLine("## Classes").AppendLine();
        card.Append($"{labels.Classes.Count} classes, {labels.Colors.Count} colors ({string.Join(", ", labels.Colors)}), ");
        card.AppendLine($"{labels.Shapes.Count} shapes ({string.Join(", ", labels.Shapes)}).").AppendLine();
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

        card.AppendLine().AppendLine(AboutMetrics).AppendLine();
        card.AppendLine("## Limits").AppendLine();
        card.AppendLine(
            "The answer is one of the classes of labels.json, or `unknown` below the thresholds of bundle.json. "
                + "The metrics do not cover parts, cameras and light that are missing from the images.");
        return card.ToString();
    }
}
