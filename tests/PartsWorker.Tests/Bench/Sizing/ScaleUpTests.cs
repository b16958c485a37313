using PartsWorker.Bench.Sizing;

namespace PartsWorker.Tests.Bench.Sizing;

public sealed class ScaleUpTests
{
    private static readonly ScalePlan Burst = new()
    {
        ImagesPerSecond = 350,
        BurstSeconds = 600,
        WorkerPerSecond = 100,
        StartSeconds = 10,
        MaxWorkers = 4,
    };

    [Fact]
    public void A_burst_that_one_worker_can_take_starts_no_other()
    {
        var moments = new ScaleUp(Burst with { ImagesPerSecond = 90 }).Run();
        Assert.All(moments, moment => Assert.Equal((0, 1), (moment.Queue, moment.Workers)));
    }

    [Fact]
    public void Workers_come_within_the_bounds_and_the_queue_empties()
    {
        var moments = new ScaleUp(Burst).Run();
        Assert.All(moments, moment => Assert.InRange(moment.Workers, 1, 4));
        Assert.Equal(4, moments.Max(moment => moment.Workers));
        Assert.Equal((0, 1), (moments[^1].Queue, moments[^1].Workers));
    }

    [Fact]
    public void A_new_worker_takes_messages_only_after_its_start()
    {
        var moments = new ScaleUp(Burst).Run();
        var asked = moments.First(moment => moment.Workers > 1).Second;
        Assert.Equal(0, asked % 15);
        Assert.Equal(asked + 10, moments.First(moment => moment.Ready > 1).Second);
    }

    [Fact]
    public void At_most_four_workers_or_a_doubling_are_added_at_once()
    {
        var moments = new ScaleUp(Burst with { ImagesPerSecond = 100_000, MaxWorkers = 100 }).Run();
        var steps = moments.Zip(moments.Skip(1), (before, after) => (before.Workers, Added: after.Workers - before.Workers));
        Assert.All(steps, step => Assert.True(step.Added <= Math.Max(4, step.Workers)));
    }

    [Fact]
    public void Workers_leave_one_a_minute_once_the_window_has_passed()
    {
        var moments = new ScaleUp(Burst with { ImagesPerSecond = 399 }).Run();
        var empty = moments.First(moment => moment.Second > 60 && moment.Queue <= 0).Second;
        var leaving = moments.Zip(moments.Skip(1))
            .Where(pair => pair.Second.Workers < pair.First.Workers)
            .Select(pair => pair.Second.Second)
            .ToArray();
        Assert.Equal(3, leaving.Length);
        Assert.True(leaving[0] >= empty + 200, $"empty after {empty} s, first removal after {leaving[0]} s");
        Assert.All(leaving.Zip(leaving.Skip(1)), pair => Assert.True(pair.Second - pair.First >= 60));
    }

    [Fact]
    public void Too_few_workers_never_empty_the_queue()
    {
        var moments = new ScaleUp(Burst with { ImagesPerSecond = 500, AfterPerSecond = 500, Limit = 3600 }).Run();
        Assert.True(moments[^1].Queue > 300_000);
    }
}
