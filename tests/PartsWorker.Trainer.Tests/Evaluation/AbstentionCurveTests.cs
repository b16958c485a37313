using PartsWorker.Trainer.Evaluation;

namespace PartsWorker.Trainer.Tests.Evaluation;

public class AbstentionCurveTests
{
    [Fact]
    public void The_largest_share_with_the_accuracy_is_chosen_even_after_an_earlier_mistake()
    {
        // 1 wrong of the 2 most confident, then 18 right: 19 of 20 = 95 %; then 3 wrong: 19 of 23.
        ClassifiedImage[] answers =
        [
            SomeAnswers.Of(0, 0, 0.99),
            SomeAnswers.Of(0, 1, 0.98),
            .. Enumerable.Range(0, 18).Select(i => SomeAnswers.Of(0, 0, 0.9 - (i * 0.01))),
            .. Enumerable.Range(0, 3).Select(i => SomeAnswers.Of(0, 1, 0.5 - (i * 0.01))),
        ];
        var shares = AbstentionCurve.SharesAtTargets(answers);
        Assert.Equal([0.9, 0.95, 0.98, 0.99, 0.995], shares.Select(s => s.Accuracy));
        Assert.Equal((21 / 23.0, 0.5), (shares[0].Coverage, shares[0].Threshold!.Value));
        Assert.Equal((20 / 23.0, 0.73), (shares[1].Coverage, Math.Round(shares[1].Threshold!.Value, 12)));
        Assert.Equal((1 / 23.0, 0.99), (shares[2].Coverage, shares[2].Threshold!.Value));
    }

    [Fact]
    public void Answers_of_the_same_confidence_are_accepted_together()
    {
        var curve = AbstentionCurve.Of([SomeAnswers.Of(0, 0, 0.8), SomeAnswers.Of(0, 1, 0.8), SomeAnswers.Of(0, 0, 0.6)]);
        Assert.Equal([(0.8, 2 / 3.0, 0.5), (0.6, 1, 2 / 3.0)], curve.Select(p => (p.Confidence, p.Coverage, p.Accuracy)));
    }

    [Fact]
    public void An_accuracy_that_no_threshold_reaches_accepts_nothing()
    {
        var share = AbstentionCurve.SharesAtTargets([SomeAnswers.Of(0, 1, 0.8), SomeAnswers.Of(0, 0, 0.6)])[0];
        Assert.Equal((0, null), (share.Coverage, share.Threshold));
        Assert.All(AbstentionCurve.SharesAtTargets([]), s => Assert.Null(s.Threshold));
    }

    [Fact]
    public void An_answer_that_the_thresholds_of_the_bundle_reject_counts_like_any_other() => Assert.Equal(
        AbstentionCurve.Of([SomeAnswers.Of(0, 0, 0.4)]), AbstentionCurve.Of([SomeAnswers.Of(0, 0, 0.4, accepted: false)]));
}
