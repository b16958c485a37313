using PartsWorker.Bundles.Fusion;
using PartsWorker.Trainer.Evaluation;

namespace PartsWorker.Trainer.Tests.Evaluation;

public sealed class EnsembleTests
{
    [Fact]
    public void The_majority_wins_and_mean_confidence_breaks_ties()
    {
        Assert.Equal(3, Ensemble.Vote([Answer(3, 0.4), Answer(3, 0.3), Answer(5, 0.99)]));
        Assert.Equal(5, Ensemble.Vote([Answer(3, 0.4), Answer(5, 0.6)]));
    }

    private static ClassifiedImage Answer(int classId, double confidence) => new("x", 0, new Verdict
    {
        ClassId = classId,
        Decision = Verdict.Accepted,
        Confidence = confidence,
        ColorId = 0,
        ColorConfidence = 1,
        ShapeId = 0,
        ShapeConfidence = 1,
        MaxSimilarity = 1,
        Top1ClassId = classId,
        FilterClassId = classId,
        FilterPath = FilterPaths.Both,
        Top5 = [new(classId, confidence, 1)],
    }, 0, 0);
}
