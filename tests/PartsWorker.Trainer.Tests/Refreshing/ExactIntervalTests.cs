using PartsWorker.Trainer.Refreshing;

namespace PartsWorker.Trainer.Tests.Refreshing;

public class ExactIntervalTests
{
    // Computed in Python from the definition, with the log gamma function; 0 of 10 is also 1 - 0.025^(1/10).
    [Theory]
    [InlineData(0, 10, 0, 0.3084971)]
    [InlineData(5, 10, 0.1870860, 0.8129140)]
    [InlineData(8, 10, 0.4439045, 0.9747893)]
    [InlineData(10, 10, 0.6915029, 1)]
    [InlineData(1, 1, 0.025, 1)]
    [InlineData(260, 500, 0.4752016, 0.5645606)]
    public void The_interval_is_that_of_Clopper_and_Pearson(int hits, int trials, double lower, double upper)
    {
        var (low, high) = ExactInterval.Of(hits, trials);
        Assert.Equal(lower, low, 1e-6);
        Assert.Equal(upper, high, 1e-6);
    }
}
