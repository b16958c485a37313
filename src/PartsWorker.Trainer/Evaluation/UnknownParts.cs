using PartsWorker.Bundles.Bundle;

namespace PartsWorker.Trainer.Evaluation;

/// <summary>
/// Measures how well a bundle detects unknown parts: some classes are removed from the gallery, so that their images become unknown. The
/// networks saw these classes in training, so the figures are better than for new parts; see <see cref="FoldResult"/>.
/// </summary>
/// <param name="bundle">The bundle.</param>
/// <param name="holdout">Names of the classes to remove, or one number n: every n-th class.</param>
/// <param name="distances">
/// The distances of features from the classes that remain, given a test for removed classes; null if the bundle has no distances.
/// </param>
internal sealed class UnknownParts(ModelBundle bundle, string[] holdout, Func<float[], Predicate<int>, float[]>? distances)
{
    private readonly HashSet<int> _removed = Choose(bundle.Labels, holdout);

    public EvaluationResult Measure(IReadOnlyList<ImageOutputs> outputs, EvaluationResult result)
    {
        var evaluator = new Evaluator(bundle);
        var classified = outputs.Select(Remove)
            .Where(o => o.Scores.Length > 0)
            .Select(evaluator.Classify)
            .ToLookup(c => _removed.Contains(c.TrueClass));
        var areas = UnknownScore.Auroc([.. classified[false]], [.. classified[true]]);
        return result with
        {
            UnknownAuroc = Area(areas, "confidence"),
            UnknownAurocSimilarity = Area(areas, "similarity"),
            UnknownAurocDetector = Area(areas, "detector"),
        };
    }

    private ImageOutputs Remove(ImageOutputs image)
    {
        var without = image.Without(bundle.GalleryClasses, _removed.Contains);
        return distances is null ? without : without with { Distances = distances(image.Features, _removed.Contains) };
    }

    private static double? Area(IReadOnlyDictionary<string, double> areas, string score) =>
        areas.TryGetValue(score, out var area) ? area : null;

    private static HashSet<int> Choose(LabelSet labels, string[] holdout)
    {
        if (holdout is [var only] && int.TryParse(only, out var every) && every > 1)
        {
            return [.. labels.Classes.Where(c => c.Id % every == every - 1).Select(c => c.Id)];
        }

        return [.. holdout.Select(name => labels.Classes.FirstOrDefault(c => c.Name == name)?.Id
            ?? throw new UserErrorException(
                $"--holdout-classes {name}: the bundle has no such class; give names, or a number n >= 2 to remove every n-th class"))];
    }
}
