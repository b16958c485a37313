using PartsWorker.Trainer.Refreshing;

namespace PartsWorker.Trainer.Tests.Refreshing;

public class RefreshVerdictTests
{
    // Gains and losses on 100 recent reviews, gains and losses on 1000 frozen images, new classes; margin 0.5 points.
    [Theory]
    [InlineData(10, 0, 3, 3, 0, true, "better: recent reviews +10.0 points")]
    [InlineData(10, 0, 0, 8, 0, true, "better: recent reviews +10.0 points")] // the interval of the frozen set reaches to -0.2
    [InlineData(10, 0, 0, 30, 0, false, "not better: the frozen set -3.0 points")] // certainly forgotten
    [InlineData(30, 0, 0, 30, 3, false, "not better: the frozen set -3.0 points")]
    [InlineData(5, 0, 0, 0, 0, false, "not better: recent reviews +5.0 points")] // 5 gains may be chance
    [InlineData(0, 0, 0, 0, 0, false, "not better: recent reviews 0.0 points")]
    [InlineData(0, 10, 50, 0, 0, false, "not better: recent reviews -10.0 points")]
    [InlineData(3, 5, 50, 0, 2, false, "not better: recent reviews -2.0 points")] // new classes that it does not recognize
    [InlineData(0, 0, 0, 0, 1, true, "better: 1 new class(es), and the frozen set 0.0 points")]
    [InlineData(5, 0, 0, 5, 2, true, "better: 2 new class(es), and the frozen set -0.5 points")] // exactly the margin
    [InlineData(5, 0, 0, 6, 2, false, "not better: recent reviews +5.0 points")] // more than the margin
    public void A_candidate_is_better_only_by_these_rules(
        int gains, int losses, int frozenGains, int frozenLosses, int newClasses, bool better, string start)
    {
        var verdict = RefreshVerdict.Decide(
            Some.Comparison(100, gains, losses), Some.Comparison(1000, frozenGains, frozenLosses), newClasses, 0.5);
        Assert.Equal(better, verdict.Better);
        Assert.StartsWith(start, verdict.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', verdict.Reason);
    }

    [Fact]
    public void A_larger_margin_accepts_a_larger_loss()
    {
        var (recent, frozen) = (Some.Comparison(100, 10, 0), Some.Comparison(1000, 0, 30));
        Assert.False(RefreshVerdict.Decide(recent, frozen, 0, 0.5).Better);
        Assert.True(RefreshVerdict.Decide(recent, frozen, 0, 3).Better);
    }
}
