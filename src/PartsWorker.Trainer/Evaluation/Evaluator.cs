using PartsWorker.Bundles.Bundle;
using PartsWorker.Bundles.Fusion;

namespace PartsWorker.Trainer.Evaluation;

/// <summary>Turns the outputs of both stages into figures, with the bundle's own fusion.</summary>
internal sealed class Evaluator(FusionConstants constants, UnknownThresholds thresholds, LabelSet labels, int[] galleryClasses)
{
    private const double LeastProbability = 1e-6;
    private readonly Fuser _fuser = new(constants, thresholds, labels, galleryClasses);

    public Evaluator(ModelBundle bundle)
        : this(bundle.Manifest.Fusion, bundle.Manifest.Thresholds, bundle.Labels, bundle.GalleryClasses)
    {
    }

    public EvaluationResult Evaluate(string model, IReadOnlyList<ImageOutputs> outputs, int skipped = 0)
    {
        var classified = outputs.AsParallel().AsOrdered().Select(Classify).ToArray();
        return new()
        {
            Model = model,
            Images = classified.Length,
            Skipped = skipped,
            Stage1Top1 = Rate(classified, j => j.Verdict.Top1ClassId == j.TrueClass),
            Color = Rate(classified, j => j.Verdict.ColorId == labels.Classes[j.TrueClass].Color),
            Shape = Rate(classified, j => j.Verdict.ShapeId == labels.Classes[j.TrueClass].Shape),
            FilterTop1 = Rate(classified, j => j.Verdict.FilterClassId == j.TrueClass),
            FusedTop1 = Rate(classified, j => j.Right),
            RecallAt50 = Rate(classified, j => j.Rank < int.MaxValue),
            RecallAt5 = Rate(classified, j => j.Rank < 5),
            Ece = Measures.CalibrationError([.. classified.Select(j => (j.Verdict.Confidence, j.Right))]),
            MeanConfidence = classified.Average(j => j.Verdict.Confidence),
            Nll = classified.Average(j => -Math.Log(Math.Max(j.TrueProbability, LeastProbability))),
            UnknownRate = Rate(classified, j => j.Verdict.ClassId is null),
            FilterPaths = classified.CountBy(j => j.Verdict.FilterPath)
                .OrderBy(p => p.Key, StringComparer.Ordinal)
                .ToDictionary(StringComparer.Ordinal),
            Answers = classified,
        };
    }

    public ClassifiedImage Classify(ImageOutputs image)
    {
        var verdict = _fuser.Classify(image.Scores, image.Indices, image.ColorLogits, image.ShapeLogits, image.Scores.Length);
        var rank = verdict.Top5.Select(c => c.ClassId).ToList().IndexOf(image.ClassId);
        return new(image.Path, image.ClassId, verdict, rank < 0 ? 0 : verdict.Top5[rank].Confidence, rank < 0 ? int.MaxValue : rank);
    }

    private static double Rate(ClassifiedImage[] classified, Func<ClassifiedImage, bool> holds) =>
        classified.Count(holds) / (double)Math.Max(1, classified.Length);
}
