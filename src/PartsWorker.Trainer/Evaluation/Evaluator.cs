using PartsWorker.Bundles.Bundle;
using PartsWorker.Trainer.Data;
using PartsWorker.Bundles.Fusion;

namespace PartsWorker.Trainer.Evaluation;

/// <summary>Computes measurements from the outputs of both networks, with the fusion of the bundle.</summary>
internal sealed class Evaluator(
    FusionConstants constants, UnknownThresholds thresholds, LabelSet labels, int[] galleryClasses, KnownScore? known = null,
    QualityThresholds? quality = null)
{
    private const double MinimumProbability = 1e-6;
    private readonly Fuser _fuser = new(constants, thresholds, labels, galleryClasses, known, quality);

    public Evaluator(ModelBundle bundle)
        : this(
            bundle.Manifest.Fusion,
            bundle.Manifest.Thresholds,
            bundle.Labels,
            bundle.GalleryClasses,
            KnownScore.Of(bundle.Manifest),
            bundle.Manifest.Quality ?? QualityThresholds.Default)
    {
    }

    /// <exception cref="UserErrorException">There are no outputs.</exception>
    public EvaluationResult Evaluate(string model, IReadOnlyList<ImageOutputs> outputs, int skipped = 0)
    {
        if (outputs.Count == 0)
        {
            throw new UserErrorException($"{model}: the data contains no image of its classes", exitCode: 1);
        }

        var classified = outputs.AsParallel().AsOrdered().Select(Classify).ToArray();
        return new()
        {
            Model = model,
            Images = classified.Length,
            Skipped = skipped,
            Stage1Top1 = Rate(classified, c => c.Verdict.Top1ClassId == c.TrueClass),
            Color = NewLabels.IsSpecified(labels.Colors)
                ? Rate(classified, c => c.Verdict.ColorId == labels.Classes[c.TrueClass].Color) : null,
            Shape = NewLabels.IsSpecified(labels.Shapes)
                ? Rate(classified, c => c.Verdict.ShapeId == labels.Classes[c.TrueClass].Shape) : null,
            FilterTop1 = Rate(classified, c => c.Verdict.FilterClassId == c.TrueClass),
            FusedTop1 = Rate(classified, c => c.Right),
            RecallAt50 = Rate(classified, c => c.Rank < int.MaxValue),
            RecallAt5 = Rate(classified, c => c.Rank < 5),
            Ece = Measures.CalibrationError([.. classified.Select(c => (c.Verdict.Confidence, c.Right))]),
            MeanConfidence = classified.Average(c => c.Verdict.Confidence),
            Nll = classified.Average(c => -Math.Log(Math.Max(c.TrueProbability, MinimumProbability))),
            UnknownRate = Rate(classified, c => c.Verdict.ClassId is null),
            FilterPaths = classified.CountBy(c => c.Verdict.FilterPath)
                .OrderBy(p => p.Key, StringComparer.Ordinal)
                .ToDictionary(StringComparer.Ordinal),
            Answers = classified,
        };
    }

    public ClassifiedImage Classify(ImageOutputs image)
    {
        var verdict = _fuser.Classify(image.ForFusion(), image.Scores.Length);
        var rank = verdict.Top5.Select(c => c.ClassId).ToList().IndexOf(image.ClassId);
        return new(image.Path, image.ClassId, verdict, rank < 0 ? 0 : verdict.Top5[rank].Confidence, rank < 0 ? int.MaxValue : rank);
    }

    private static double Rate(ClassifiedImage[] classified, Func<ClassifiedImage, bool> predicate) =>
        classified.Count(predicate) / (double)Math.Max(1, classified.Length);
}
