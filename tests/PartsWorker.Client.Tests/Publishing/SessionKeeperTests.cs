namespace PartsWorker.Client.Tests.Publishing;

public sealed class SessionKeeperTests
{
    [Fact]
    public async Task A_clock_that_is_set_back_does_not_delay_the_next_attempt()
    {
        var clock = new WallClock { Now = new(2026, 11, 21, 6, 30, 0, TimeSpan.Zero) };
        var options = new PublisherOptions { ConnectionString = "amqp://127.0.0.1:1/", Time = clock };
        await using var sessions = new SessionKeeper(options, (_, _) => Task.CompletedTask);
        await AttemptAsync();

        clock.Now = clock.Now.AddHours(-1);

        await AttemptAsync();

        Task AttemptAsync() => Assert.ThrowsAsync<RabbitConnectionException>(
            () => sessions.GetAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(20)));
    }

    /// <summary>Shows any time of day; time itself passes as usual.</summary>
    private sealed class WallClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
