using PartsWorker.Bench;
using PartsWorker.Bench.Measured;

namespace PartsWorker.Tests.Bench;

public sealed class StoreProgressTests
{
    [Fact]
    public void A_wait_ends_two_minutes_after_the_last_row()
    {
        var clock = new Clock();
        var progress = new StoreProgress(clock);
        foreach (var rows in new[] { 0, 1, 2, 2, 2 })
        {
            progress.Check(rows, 5);
            clock.Seconds += 60;
        }

        var error = Assert.Throws<BenchException>(() => progress.Check(2, 5));
        Assert.StartsWith("2 of 5 images were stored, and none in the last two minutes", error.Message, StringComparison.Ordinal);
    }

    private sealed class Clock : TimeProvider
    {
        public long Seconds { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Seconds;
    }
}
