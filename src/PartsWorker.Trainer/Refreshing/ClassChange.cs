using PartsWorker.Trainer.Evaluation;

namespace PartsWorker.Trainer.Refreshing;

/// <summary>The images of one class that each bundle classifies correctly.</summary>
/// <param name="Class">Name of the class.</param>
/// <param name="Images">Number of its images.</param>
/// <param name="Serving">Correct answers of the serving bundle.</param>
/// <param name="Candidate">Correct answers of the candidate.</param>
internal sealed record ClassChange(string Class, int Images, int Serving, int Candidate)
{
    /// <summary>The classes whose number of correct answers differs, worst loss first.</summary>
    public static IReadOnlyList<ClassChange> Of(
        IEnumerable<(ClassifiedImage Serving, ClassifiedImage Candidate)> pairs, IReadOnlyList<string> classes) =>
    [
        .. pairs.GroupBy(p => p.Serving.TrueClass)
            .Select(g => new ClassChange(classes[g.Key], g.Count(), g.Count(p => p.Serving.Right), g.Count(p => p.Candidate.Right)))
            .Where(c => c.Serving != c.Candidate)
            .OrderBy(c => c.Candidate - c.Serving).ThenBy(c => c.Class, StringComparer.Ordinal),
    ];
}
