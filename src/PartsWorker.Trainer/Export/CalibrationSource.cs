using PartsWorker.Bundles.Bundle;

namespace PartsWorker.Trainer.Export;

/// <summary>
/// A bundle whose fusion constants, thresholds and unknown detector another bundle takes over. Networks for production can then be trained
/// on all images, and their calibration comes from networks of the same recipe that were trained without the validation images.
/// </summary>
internal static class CalibrationSource
{
    /// <exception cref="UserErrorException">The bundle has other labels than the data or another kind of networks than the run.</exception>
    public static ModelBundle Open(string folder, LabelSet labels, TrainedRun run)
    {
        var bundle = ModelBundle.Open(folder);
        var stageOne = bundle.Manifest.StageOne;
        var problem =
            !bundle.Labels.Colors.SequenceEqual(labels.Colors) || !bundle.Labels.Shapes.SequenceEqual(labels.Shapes)
                || !bundle.Labels.Classes.Select(c => c.Name).SequenceEqual(labels.Classes.Select(c => c.Name), StringComparer.Ordinal)
                ? "it has other classes, colors or shapes than the data"
            : stageOne.FeatureSize != run.FeatureSize || stageOne.EmbeddingSize != run.EmbeddingSize
                ? $"its embedding has {stageOne.EmbeddingSize} numbers and its shared features {stageOne.FeatureSize}, those of the run "
                    + $"have {run.EmbeddingSize} and {run.FeatureSize}; export both with the same preset and options"
            : bundle.Manifest.Preprocessing.Size != run.InputSize
                ? $"it reads {bundle.Manifest.Preprocessing.Size} px and the run {run.InputSize} px; give both the same --size"
            : null;
        return problem is null ? bundle : throw new UserErrorException($"--calibration-from {folder}: {problem}", 1);
    }
}
