using PartsWorker.Trainer.Evaluation;

namespace PartsWorker.Trainer.Export;

/// <summary>The metrics of bundle.json; each key is the name of the data set followed by the name of the metric.</summary>
internal static class BundleFigures
{
    public static Dictionary<string, double> Of(string set, EvaluationResult result) => new(StringComparer.Ordinal)
    {
        [$"{set}Images"] = result.Images,
        [$"{set}StageOneTop1"] = Math.Round(result.Stage1Top1, 4),
        [$"{set}Color"] = Math.Round(result.Color, 4),
        [$"{set}Shape"] = Math.Round(result.Shape, 4),
        [$"{set}FilterTop1"] = Math.Round(result.FilterTop1, 4),
        [$"{set}FusedTop1"] = Math.Round(result.FusedTop1, 4),
        [$"{set}RecallAt50"] = Math.Round(result.RecallAt50, 4),
        [$"{set}Ece"] = Math.Round(result.Ece, 4),
    };
}
