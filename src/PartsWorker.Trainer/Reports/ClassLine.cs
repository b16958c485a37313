using PartsWorker.Bundles.Bundle;
using PartsWorker.Trainer.Evaluation;

namespace PartsWorker.Trainer.Reports;

/// <summary>Accuracy of one class and its most frequent wrong answer.</summary>
internal sealed record ClassLine(int ClassId, string Name, int Count, double Accuracy, string Confusion)
{
    /// <summary>Worst first.</summary>
    public static IEnumerable<ClassLine> Of(IReadOnlyList<ClassifiedImage> images, LabelSet labels) => images
        .GroupBy(p => p.TrueClass)
        .Select(g => new ClassLine(g.Key, labels.Classes[g.Key].Name, g.Count(), g.Average(p => p.Right ? 1.0 : 0), Worst(g, labels)))
        .OrderBy(l => l.Accuracy).ThenBy(l => l.Name, StringComparer.Ordinal);

    private static string Worst(IEnumerable<ClassifiedImage> images, LabelSet labels)
    {
        var wrong = images.Where(p => !p.Right).CountBy(p => p.Answer).OrderByDescending(p => p.Value).FirstOrDefault();
        return wrong.Value == 0 ? string.Empty : $"{labels.Classes[wrong.Key].Name} ({wrong.Value})";
    }
}
