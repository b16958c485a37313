using PartsWorker.Trainer.Calibration;
using PartsWorker.Trainer.Evaluation;
using PartsWorker.Trainer.Tests.Evaluation;

namespace PartsWorker.Trainer.Tests.Calibration;

public class ThresholdChoiceTests
{
    [Fact]
    public void The_image_that_a_threshold_was_chosen_at_is_accepted()
    {
        ClassifiedImage[] answers =
        [
            SomeAnswers.Of(0, 0, confidence: 0.8, similarity: 0.70006),
            SomeAnswers.Of(0, 0, confidence: 0.61238, similarity: 0.50006),
            SomeAnswers.Of(0, 1, confidence: 0.4, similarity: 0.60006),
        ];
        var thresholds = ThresholdChoice.Choose(answers, accuracy: 1);
        Assert.Equal((0.6123, 0.5), (thresholds.Confidence, thresholds.Similarity));
    }

    [Fact]
    public void The_highest_threshold_is_not_lowered_by_rounding()
    {
        var thresholds = ThresholdChoice.Choose([SomeAnswers.Of(0, 1, confidence: 0.99, similarity: -0.50004)], accuracy: 1);
        Assert.Equal((0.95, -0.5001), (thresholds.Confidence, thresholds.Similarity));
    }
}
