using PartsWorker.Board.Quality;

namespace PartsWorker.Tests.Board.Quality;

public sealed class WilsonTests
{
    // Reference values: Newcombe (1998), Statistics in Medicine 17, table I, method 3, without continuity correction.
    [Theory]
    [InlineData(81, 263, 0.2553, 0.3662)]
    [InlineData(15, 148, 0.0624, 0.1605)]
    [InlineData(0, 20, 0.0000, 0.1611)]
    [InlineData(1, 29, 0.0061, 0.1718)]
    [InlineData(20, 20, 0.8389, 1.0000)]
    public void The_interval_is_the_published_one(long hits, long trials, double low, double high)
    {
        var interval = Wilson.Interval(hits, trials);

        Assert.Equal(low, interval.Low, 4);
        Assert.Equal(high, interval.High, 4);
    }

    [Fact]
    public void Nothing_is_known_without_observations() => Assert.Equal((0, 1), Wilson.Interval(0, 0));
}
