using System.Text;
using PartsWorker.Bundles.Bundle;

namespace PartsWorker.Trainer.Export;

/// <summary>MODEL_CARD.md: for people who find the bundle and ask what it is, what it was made of and how far to trust it.</summary>
internal static class ModelCard
{
    private const string Description = "Dual-stage part classifier: an embedder with a gallery, and a network for color and shape.";
    private const string AboutFigures = "Those on validation were measured with a gallery that lacks these images; near-identical images "
        + "were kept together when they were set aside. Fusion was fitted on the same images, which flatters the fused figures a little.";

    public static string Of(BundleManifest manifest, LabelSet labels)
    {
        var card = new StringBuilder();
        card.AppendLine($"# {manifest.Name} {manifest.Version}").AppendLine();
        card.AppendLine(manifest.Description ?? Description).AppendLine();
        card.AppendLine($"Made {manifest.Created:yyyy-MM-dd} by partstrainer. License: {manifest.License}").AppendLine();
        card.AppendLine("## What it answers").AppendLine();
        card.Append($"{labels.Classes.Count} classes, {labels.Colors.Count} colors ({string.Join(", ", labels.Colors)}), ");
        card.AppendLine($"{labels.Shapes.Count} shapes ({string.Join(", ", labels.Shapes)}).").AppendLine();
        card.AppendLine("## Data and training").AppendLine();
        foreach (var (key, value) in manifest.Data)
        {
            card.AppendLine($"* {key}: {value}");
        }

        card.AppendLine().AppendLine("## Figures").AppendLine();
        foreach (var (key, value) in manifest.Metrics)
        {
            card.AppendLine($"* {key}: {value}");
        }

        card.AppendLine().AppendLine(AboutFigures).AppendLine();
        card.AppendLine("## Limits").AppendLine();
        card.AppendLine(
            "The answer is one of the classes above, or `unknown` below the thresholds of bundle.json. Parts, "
                + "cameras and light that the images do not show are outside of what was measured.");
        return card.ToString();
    }
}
