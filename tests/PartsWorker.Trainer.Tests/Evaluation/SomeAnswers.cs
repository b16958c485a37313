using PartsWorker.Bundles.Fusion;
using PartsWorker.Trainer.Evaluation;

namespace PartsWorker.Trainer.Tests.Evaluation;

/// <summary>Answers made without a bundle.</summary>
internal static class SomeAnswers
{
    public static ClassifiedImage Of(
        int trueClass, int answer, double confidence, bool accepted = true, double similarity = 0.5, string path = "kind/image.png") =>
        new(
            path,
            trueClass,
            new()
            {
                ClassId = accepted ? answer : null,
                Decision = accepted ? Verdict.Accepted : Verdict.Unknown,
                Confidence = confidence,
                ColorId = 0,
                ColorConfidence = 1,
                ShapeId = 0,
                ShapeConfidence = 1,
                MaxSimilarity = similarity,
                Top1ClassId = answer,
                FilterClassId = answer,
                FilterPath = FilterPaths.Both,
                Top5 = [new(answer, confidence, (float)similarity)],
            },
            confidence,
            trueClass == answer ? 0 : int.MaxValue);
}
