using PartsWorker.Bundles.Bundle;
using PartsWorker.Trainer.Evaluation;

namespace PartsWorker.Trainer.Reports;

/// <summary>Prints the result of <c>evaluate</c> as a table: each network alone, and fusion.</summary>
internal static class EvaluationTable
{
    public static void Print(EvaluationResult result, LabelSet labels, bool perClass)
    {
        Console.WriteLine($"{result.Model}: {result.Images} images{(result.Skipped > 0 ? $", {result.Skipped} skipped" : string.Empty)}");
        foreach (var (name, value) in Rows(result))
        {
            Console.WriteLine($"  {name,-34}{value,10}");
        }

        foreach (var share in result.Abstention)
        {
            Console.WriteLine(
                $"  {$"{share.Accuracy * 100:0.#} % correct by confidence",-34}{share.Coverage,10:P2} of the images need no person"
                    + (share.Threshold is null ? string.Empty : $", confidence >= {AbstentionChart.ThresholdText(share)}"));
        }

        if (result.UnknownAuroc is not null)
        {
            Console.WriteLine("  * known parts against the classes of --holdout-classes, which the networks saw in training");
        }

        if (result.Junk is { } junk)
        {
            JunkTable.Print(junk);
        }

        if (!perClass)
        {
            return;
        }

        Console.WriteLine();
        Console.WriteLine($"  {"class",-44}{"images",9}{"correct",9}{"confidence",12}{"gap",7}{"unknown",9}  most frequent wrong answer");
        foreach (var line in ClassReliability.Of(result.Answers, labels))
        {
            Console.WriteLine(
                $"  {line.Name,-44}{line.Images,9}{line.Accuracy,9:P0}{line.MeanConfidence,12:0.00}{line.Gap,7:+0.00;-0.00}"
                    + $"{line.UnknownRate,9:P0}  {line.Confusion}");
        }
    }

    private static string Rate(double? share) => share is { } rate ? $"{rate:P2}" : "not labeled";

    private static IEnumerable<(string Name, string Value)> Rows(EvaluationResult result)
    {
        yield return ("embedder alone, top-1", $"{result.Stage1Top1:P2}");
        yield return ("color", Rate(result.Color));
        yield return ("shape", Rate(result.Shape));
        yield return ("filter rule, top-1", $"{result.FilterTop1:P2}");
        yield return ("fused, top-1", $"{result.FusedTop1:P2}");
        yield return ("true class among the candidates", $"{result.RecallAt50:P2}");
        yield return ("true class among the top 5", $"{result.RecallAt5:P2}");
        yield return ("calibration error (15 bins)", $"{result.Ece:0.0000}");
        yield return ("mean confidence", $"{result.MeanConfidence:0.0000}");
        yield return ("negative log likelihood", $"{result.Nll:0.0000}");
        yield return ("unknown answers", $"{result.UnknownRate:P2}");
        if (result.UnknownAuroc is { } auroc)
        {
            yield return ("AUROC by confidence *", $"{auroc:0.0000}");
        }

        if (result.UnknownAurocSimilarity is { } similarity)
        {
            yield return ("AUROC by similarity *", $"{similarity:0.0000}");
        }

        if (result.UnknownAurocDetector is { } detector)
        {
            yield return ("AUROC by the unknown detector *", $"{detector:0.0000}");
        }

        if (result.EnsembleTop1 is { } ensemble)
        {
            yield return ("ensemble, top-1", $"{ensemble:P2}");
        }
    }
}
