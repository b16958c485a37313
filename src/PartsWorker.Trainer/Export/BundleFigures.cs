using PartsWorker.Trainer.Evaluation;

namespace PartsWorker.Trainer.Export;

/// <summary>Figures as they stand in bundle.json: the set's name first, then what was measured.</summary>
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
