using PartsWorker.Trainer.Evaluation;

namespace PartsWorker.Trainer.Tests.Evaluation;

public sealed class EnsembleTests
{
    [Fact]
    public void The_majority_wins_and_mean_confidence_breaks_ties()
    {
        Assert.Equal("nut", Ensemble.Vote([Answer("nut", 0.4), Answer("nut", 0.3), Answer("bolt", 0.99)]));
        Assert.Equal("bolt", Ensemble.Vote([Answer("nut", 0.4), Answer("bolt", 0.6)]));
    }

    [Fact]
    public void Bundles_vote_with_class_names_on_the_images_that_all_could_read()
    {
        var first = new[]
        {
            SomeAnswers.Of(0, 0, 0.9, path: "a"), SomeAnswers.Of(1, 0, 0.5, path: "b"), SomeAnswers.Of(1, 1, 0.5, path: "c"),
        };
        var second = new[] { SomeAnswers.Of(0, 0, 0.9, path: "b"), SomeAnswers.Of(1, 1, 0.9, path: "a") };

        Assert.Equal(1, Ensemble.Top1([first, second], [Data.SomeData.Labels("bolt", "nut"), Data.SomeData.Labels("nut", "bolt")]));
    }

    private static NamedAnswer Answer(string name, double confidence) => new("bolt", name, confidence);
}
