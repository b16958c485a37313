using PartsWorker.Bundles.Bundle;
using PartsWorker.Trainer.Evaluation;

namespace PartsWorker.Trainer.Export;

/// <summary>
/// Writes a new version of a bundle with other fusion constants and thresholds, and records its golden outputs again.
/// </summary>
internal sealed class Recalibration(ModelBundle bundle)
{
    public ModelBundle Write(
        string version,
        FusionConstants fusion,
        UnknownThresholds thresholds,
        UnknownDetector? detector,
        QualityThresholds quality,
        EvaluationResult measured,
        DateTimeOffset now)
    {
        var draft = BundleDraft.From(bundle);
        // The detector has other thresholds than the one that these were measured with.
        var metrics = draft.Manifest.Metrics.ExceptBy(BundleFigures.OfDetector, m => m.Key).ToDictionary(StringComparer.Ordinal);
        foreach (var (name, value) in BundleFigures.Of("calibration", measured))
        {
            metrics[name] = value;
        }

        draft = draft with
        {
            Manifest = draft.Manifest with
            {
                Format = detector is null ? draft.Manifest.Format : BundleManifest.WithDetector,
                Created = now,
                Fusion = fusion,
                Thresholds = thresholds,
                Detector = detector,
                Quality = quality,
                Metrics = metrics,
            },
        };
        return NextVersion.Write(draft, NextVersion.RootOf(bundle), version, [.. NextVersion.GoldenImages(bundle)]);
    }
}
