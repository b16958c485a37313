using PartsWorker.Bundles.Bundle;
using PartsWorker.Trainer.Data;
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
        EvaluationResult measured,
        DateTimeOffset now)
    {
        var draft = BundleDraft.From(bundle);
        var metrics = new Dictionary<string, double>(draft.Manifest.Metrics, StringComparer.Ordinal);
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
                Metrics = metrics,
            },
        };
        var scratch = Directory.CreateTempSubdirectory("partstrainer-").FullName;
        try
        {
            var golden = bundle.ReadGolden().Images.Select(
                g => new LabeledImage(bundle.PathOf($"golden/{g.File}"), g.TrueClass ?? g.ClassId));
            var root = Path.GetDirectoryName(Path.GetDirectoryName(bundle.Directory))!;
            return draft.Write(root, version, GoldenRecorder.Record(draft, scratch, [.. golden]));
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }
}
