using PartsWorker.Client;
using PartsWorker.Results;
using PartsWorker.Tests.Support;

namespace PartsWorker.Tests.Pipeline;

public class PartEventsTests
{
    private static readonly ResultsOptions On = new() { Publish = true };

    [Fact]
    public async Task Without_the_setting_nothing_is_published()
    {
        using var bench = new PipelineBench();
        bench.Publish(1, classId: 3);

        await bench.UntilAsync(() => bench.Acknowledger.Tags.Count == 1);
        await bench.StopAsync();

        Assert.Empty(bench.Events);
    }

    [Fact]
    public async Task Every_live_part_gets_one_event_after_its_row_is_committed()
    {
        using var bench = new PipelineBench(results: On);
        for (ulong tag = 1; tag <= 50; tag++)
        {
            bench.Publish(tag, (byte)(tag % 10));
        }

        await bench.UntilAsync(() => bench.Acknowledger.Tags.Count == 50);
        await bench.StopAsync();

        // The bench itself asserts that each event has its row.
        Assert.Equal(bench.Rows.Select(row => row.ImageId).Order(), bench.Events.Select(row => row.ImageId).Order());
    }

    [Fact]
    public async Task Nothing_is_acknowledged_before_its_event_is_confirmed()
    {
        using var bench = new PipelineBench(results: On);
        var confirm = new TaskCompletionSource();
        var publishing = new TaskCompletionSource();
        bench.BeforeConfirm = () =>
        {
            publishing.TrySetResult();
            return confirm.Task;
        };
        bench.Publish(1, classId: 3);
        await publishing.Task.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Empty(bench.Acknowledger.Tags);

        confirm.SetResult();
        await bench.UntilAsync(() => bench.Acknowledger.Tags.Count == 1);
        await bench.StopAsync();
    }

    [Fact]
    public async Task A_failed_confirm_leaves_the_message_unacknowledged_and_is_tried_again_after_a_pause()
    {
        using var bench = new PipelineBench(results: On);
        var attempts = 0;
        bench.BeforeConfirm = () => Interlocked.Increment(ref attempts) <= 2
            ? throw new ResultEventsException("the broker refused events", new IOException())
            : Task.CompletedTask;
        bench.Publish(1, classId: 3);
        await bench.UntilAsync(() => bench.State.Problems.ContainsKey("result exchange"));

        Assert.Empty(bench.Acknowledger.Tags);
        Assert.InRange(attempts, 1, 2);
        Assert.Equal("the broker refused events", bench.State.Problems["result exchange"]);

        await bench.UntilAsync(() => bench.Acknowledger.Tags.Count == 1);
        await bench.StopAsync();
        Assert.Equal(3, attempts);
        Assert.Single(bench.Events);
        Assert.DoesNotContain("result exchange", bench.State.Problems.Keys);
    }

    [Fact]
    public async Task While_events_cannot_be_published_the_intake_pauses_and_attempts_stay_few()
    {
        using var bench = new PipelineBench(options: new() { MaxBatch = 2, StoreRows = 2 }, results: On);
        var attempts = 0;
        bench.BeforeConfirm = () =>
        {
            Interlocked.Increment(ref attempts);
            throw new ResultEventsException("the broker is away", new IOException());
        };
        for (ulong tag = 1; tag <= 100; tag++)
        {
            bench.Publish(tag, classId: 3);
        }

        await bench.UntilAsync(() => bench.State.Problems.ContainsKey("result exchange"));
        await Task.Delay(500);

        // The first pause is 0.25 to 0.5 s, the second twice that.
        Assert.InRange(attempts, 1, 3);
        Assert.InRange(bench.Rows.Count, 1, 2);
        Assert.Empty(bench.Acknowledger.Tags);
        await bench.AbortAsync();
    }

    [Fact]
    public async Task A_shadow_row_is_never_published()
    {
        using var bench = new PipelineBench(shadow: new FakeModel("shadow@1"), results: On);
        for (ulong tag = 1; tag <= 20; tag++)
        {
            bench.Publish(tag, classId: 3);
        }

        await bench.UntilAsync(() => bench.Acknowledger.Tags.Count == 20);
        await bench.StopAsync();

        Assert.Equal(20, bench.Rows.Count(row => row.Shadow));
        Assert.Equal(20, bench.Events.Count);
        Assert.All(bench.Events, row => Assert.Equal("fake@1", row.ModelKey));
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 2)]
    public async Task Reprocessed_parts_are_published_only_if_asked(bool reprocessed, int events)
    {
        using var bench = new PipelineBench(results: new() { Publish = true, PublishReprocessed = reprocessed });
        bench.Publish(1, classId: 3);
        bench.Publish(2, classId: 4, Lane.Reprocess);

        await bench.UntilAsync(() => bench.Acknowledger.Tags.Count == 2);
        await bench.StopAsync();

        Assert.Equal(events, bench.Events.Count);
    }

    [Fact]
    public async Task A_part_that_the_broker_delivers_again_waits_for_that_delivery()
    {
        using var bench = new PipelineBench(results: On);
        bench.BeforeConfirm = () =>
        {
            bench.Acknowledger.IsLost = true;
            throw new ResultEventsException("the broker is away", new IOException());
        };
        bench.Publish(1, classId: 3);

        await bench.UntilAsync(() => bench.Acknowledger.Tags.Count == 1);
        await bench.StopAsync();

        Assert.Empty(bench.Events);
    }

    [Fact]
    public async Task Parts_whose_events_are_missing_at_shutdown_stay_unacknowledged()
    {
        using var bench = new PipelineBench(results: On);
        bench.BeforeConfirm = () => new TaskCompletionSource().Task;
        bench.Publish(1, classId: 3);
        await bench.UntilAsync(() => bench.Rows.Count == 1);

        await bench.AbortAsync();

        Assert.Empty(bench.Acknowledger.Tags);
    }
}
