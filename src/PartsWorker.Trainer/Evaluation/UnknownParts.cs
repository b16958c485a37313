using PartsWorker.Bundles.Bundle;

namespace PartsWorker.Trainer.Evaluation;

/// <summary>
/// How well a bundle notices parts it does not know: some classes are struck from the gallery, and their images become the unknown
/// ones. The networks themselves did see these classes in training; only the gallery forgets them, as before a part is enrolled.
/// </summary>
internal sealed class UnknownParts(ModelBundle bundle, string[] holdout)
{
    private readonly HashSet<int> _struck = Choose(bundle.Labels, holdout);

    public EvaluationResult Measure(IReadOnlyList<ImageOutputs> outputs, EvaluationResult result)
    {
        var evaluator = new Evaluator(bundle);
        var classified = outputs.Select(Strike)
            .Where(o => o.Scores.Length > 0)
            .Select(evaluator.Classify)
            .ToLookup(j => _struck.Contains(j.TrueClass));
        return result with
        {
            UnknownAuroc = Measures.AreaUnderRoc(
                [.. classified[false].Select(j => j.Verdict.Confidence)], [.. classified[true].Select(j => j.Verdict.Confidence)]),
            UnknownAurocSimilarity = Measures.AreaUnderRoc(
                [.. classified[false].Select(j => j.Verdict.MaxSimilarity)], [.. classified[true].Select(j => j.Verdict.MaxSimilarity)]),
        };
    }

    private ImageOutputs Strike(ImageOutputs image)
    {
        var kept = Enumerable.Range(0, image.Indices.Length)
            .Where(k => !_struck.Contains(bundle.GalleryClasses[image.Indices[k]]))
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
                $"--holdout-classes {name}: the bundle has no such class; give names, or one number n from 2 to take every n-th"))];
    }
}
