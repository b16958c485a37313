using PartsWorker.Bundles.Bundle;

namespace PartsWorker.Trainer.Evaluation;

/// <summary>
/// Measures how well a bundle detects unknown parts: some classes are removed from the gallery, so that their images become unknown. The
/// networks saw these classes in training, so the figures are better than for new parts; see <see cref="FoldResult"/>.
/// </summary>
internal sealed class UnknownParts(ModelBundle bundle, string[] holdout)
{
    private readonly HashSet<int> _removed = Choose(bundle.Labels, holdout);

    public EvaluationResult Measure(IReadOnlyList<ImageOutputs> outputs, EvaluationResult result)
    {
        var evaluator = new Evaluator(bundle);
        var classified = outputs.Select(RemoveHits)
            .Where(o => o.Scores.Length > 0)
            .Select(evaluator.Classify)
            .ToLookup(c => _removed.Contains(c.TrueClass));
        return result with
        {
            UnknownAuroc = Measures.AreaUnderRoc(
                [.. classified[false].Select(c => c.Verdict.Confidence)], [.. classified[true].Select(c => c.Verdict.Confidence)]),
            UnknownAurocSimilarity = Measures.AreaUnderRoc(
                [.. classified[false].Select(c => c.Verdict.MaxSimilarity)], [.. classified[true].Select(c => c.Verdict.MaxSimilarity)]),
        };
    }

    private ImageOutputs RemoveHits(ImageOutputs image)
    {
        var kept = Enumerable.Range(0, image.Indices.Length)
            .Where(k => !_removed.Contains(bundle.GalleryClasses[image.Indices[k]]))
            .ToArray();
        return image with { Scores = [.. kept.Select(k => image.Scores[k])], Indices = [.. kept.Select(k => image.Indices[k])] };
    }

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
