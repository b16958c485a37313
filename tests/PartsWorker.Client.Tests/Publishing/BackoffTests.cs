namespace PartsWorker.Client.Tests.Publishing;

public sealed class BackoffTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    [Theory]
    [InlineData(1, 0.5)]
    [InlineData(2, 1)]
    [InlineData(5, 8)]
    [InlineData(6, 15)]
    [InlineData(int.MaxValue, 15)]
    public void A_pause_doubles_up_to_the_limit_and_is_a_random_half_to_all_of_that(int failures, double seconds)
    {
        var pauses = Enumerable.Range(0, 200).Select(_ => Backoff.After(failures, Limit).TotalSeconds).ToArray();

        Assert.All(pauses, pause => Assert.InRange(pause, seconds / 2, seconds));
        Assert.True(pauses.Max() - pauses.Min() > seconds / 4);
    }

    [Fact]
    public async Task A_cancelled_pause_ends_early_and_without_error()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Backoff.PauseAsync(10, TimeSpan.FromHours(1), TimeProvider.System, cancelled.Token);
    }
}
