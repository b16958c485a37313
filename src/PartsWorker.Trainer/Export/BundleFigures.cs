using PartsWorker.Trainer.Calibration;
using PartsWorker.Trainer.Evaluation;

namespace PartsWorker.Trainer.Export;

/// <summary>The metrics of bundle.json; each key is the name of the data set followed by the name of the metric.</summary>
internal static class BundleFigures
{
    public const string RemovedAccepted = "removedClassesAccepted";
    public const string JunkAccepted = "junkAccepted";
    private const int Digits = 4;

    /// <summary>The figures of an export that depend on the thresholds of its unknown detector.</summary>
    public static IReadOnlyList<string> OfDetector { get; } = ["validationUnknown", RemovedAccepted, JunkAccepted];

    public static Dictionary<string, double> Of(string set, EvaluationResult result, FittedDetector? detector = null)
    {
        var figures = new Dictionary<string, double>(StringComparer.Ordinal)
        {
            [$"{set}Images"] = result.Images,
            [$"{set}StageOneTop1"] = Math.Round(result.Stage1Top1, Digits),
            [$"{set}FilterTop1"] = Math.Round(result.FilterTop1, Digits),
            [$"{set}FusedTop1"] = Math.Round(result.FusedTop1, Digits),
            [$"{set}RecallAt50"] = Math.Round(result.RecallAt50, Digits),
            [$"{set}Ece"] = Math.Round(result.Ece, Digits),
        };
        AddAttribute($"{set}Color", result.Color);
        AddAttribute($"{set}Shape", result.Shape);
        if (detector is not null)
        {
            figures[$"{set}Unknown"] = Math.Round(result.UnknownRate, Digits);
            figures[RemovedAccepted] = Math.Round(detector.RemovedAccepted, Digits);
            figures[JunkAccepted] = Math.Round(detector.JunkAccepted, Digits);
        }

        return figures;

        void AddAttribute(string key, double? share)
        {
            if (share is { } rate)
            {
                figures[key] = Math.Round(rate, Digits);
            }
        }
    }
}
