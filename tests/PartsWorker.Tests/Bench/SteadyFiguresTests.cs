using PartsWorker.Bench.Measured;
using PartsWorker.Bench.Watch;

namespace PartsWorker.Tests.Bench;

public sealed class SteadyFiguresTests
{
    private const double Ready = 5_000;

    [Fact]
    public void The_first_fifth_in_which_programs_start_is_left_out()
    {
        var figures = SteadyFigures.Between([Look(0, 0, 0), Look(199, 300, 50), Look(400, 500, 90), Look(1000, 1100, 150)], 1000, Ready);
        Assert.Equal(1000, figures.ImagesPerSecond, 6);
        Assert.Equal(0.1, figures.BrokerCpuMs, 6);
        Assert.Equal(0.2, figures.WorkerCpuMs, 6);
    }

    [Fact]
    public void A_run_that_ends_between_two_looks_is_measured_as_a_whole()
    {
        var figures = SteadyFigures.Between([Look(0, null, 0), Look(1000, 250, 50)], 1000, Ready);
        Assert.Equal(4000, figures.ImagesPerSecond, 6);
        Assert.Equal(0.05, figures.BrokerCpuMs, 6);
    }

    // The worker uses twice the time of the broker. Without a commit, its mark has no time.
    private static WatchLook Look(long rows, double? sinceReady, double brokerMs) => new(
        rows,
        [new BenchMark { Stored = rows, AtMs = sinceReady is { } ms ? Ready + ms : 0, CpuMs = 2 * brokerMs }],
        new(TimeSpan.FromMilliseconds(brokerMs), default, default));
}
