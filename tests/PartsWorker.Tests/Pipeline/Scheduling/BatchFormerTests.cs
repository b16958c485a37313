using PartsWorker.Client;
using PartsWorker.Intake;
using PartsWorker.Pipeline;
using PartsWorker.Pipeline.Scheduling;
using PartsWorker.Tests.Support;

namespace PartsWorker.Tests.Pipeline.Scheduling;

public class BatchFormerTests
{
    private readonly ManualTime _time = new();
    private readonly WakeSignal _wake = new();
    private readonly Lanes<Part> _loaded = new(100);
    private readonly Lanes<Delivery> _received = new(100);
    private readonly FakeModel _model = new();
    private readonly ReprocessShare _share;

    public BatchFormerTests()
    {
        _share = new(Options, _wake, _time);
        _share.RecordRun(parts: 1000, TimeSpan.FromMilliseconds(1), rests: false);
    }

    private static PipelineOptions Options { get; } = new()
    {
        MaxBatch = 32,
        Linger = TimeSpan.FromMilliseconds(50),
        Fill = TimeSpan.FromMilliseconds(80),
        LiveWait = TimeSpan.FromMilliseconds(20),
    };

    [Fact]
    public async Task An_idle_device_gets_what_is_there_at_once()
    {
        Load(3);

        var batch = await Former(Slots(busy: 0)).NextAsync(default);

        Assert.Equal((3, CutReason.Idle), (batch!.Parts.Count, batch.CutBy));
    }

    [Fact]
    public async Task While_messages_wait_to_be_loaded_an_idle_device_waits_until_its_batch_is_full()
    {
        Receive(1);
        Load(3);
        var next = Former(Slots(busy: 0)).NextAsync(default).AsTask();
        Assert.False(next.IsCompleted);

        Load(5);

        Assert.Equal((8, CutReason.Full), Cut(await next.WaitAsync(TimeSpan.FromSeconds(10))));
    }

    [Fact]
    public async Task Once_no_message_waits_any_more_an_idle_device_waits_for_nobody()
    {
        Receive(1);
        Load(3);
        var next = Former(Slots(busy: 0)).NextAsync(default).AsTask();
        Assert.False(next.IsCompleted);

        Assert.True(_received.Live.Reader.TryRead(out _));
        Load(1);

        Assert.Equal((4, CutReason.Idle), Cut(await next.WaitAsync(TimeSpan.FromSeconds(10))));
    }

    [Fact]
    public async Task A_batch_does_not_wait_for_slow_loads_longer_than_it_may()
    {
        Receive(1);
        Load(3);
        var next = Former(Slots(busy: 0)).NextAsync(default).AsTask();

        _time.Advance(TimeSpan.FromMilliseconds(79));
        Assert.False(next.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal((3, CutReason.Idle), Cut(await next.WaitAsync(TimeSpan.FromSeconds(10))));
    }

    [Fact]
    public async Task A_live_part_never_waits_because_reprocessed_messages_do()
    {
        Receive(1, Lane.Reprocess);
        Load(1);

        var next = Former(Slots(busy: 0)).NextAsync(default).AsTask();

        Assert.Equal((1, CutReason.Idle), Cut(await next.WaitAsync(TimeSpan.FromSeconds(10))));
    }

    [Fact]
    public async Task A_full_batch_waits_for_the_device_and_for_nobody_else()
    {
        var slots = Slots(busy: 1);
        Receive(1);
        Load(20);
        var next = Former(slots).NextAsync(default).AsTask();
        Assert.False(next.IsCompleted);

        slots.Release();

        Assert.Equal((8, CutReason.Full), Cut(await next.WaitAsync(TimeSpan.FromSeconds(10))));
    }

    [Theory]
    [InlineData(2, 0)]
    [InlineData(1, 2)]
    public async Task The_model_says_how_many_batches_may_run_at_once_unless_the_options_do(int modelSays, int optionsSay)
    {
        _model.InFlight = modelSays;
        var slots = Slots(busy: 1, optionsSay);
        Load(20);
        using var former = Former(slots);

        Assert.Equal((8, CutReason.Full), Cut(await former.NextAsync(default).AsTask().WaitAsync(TimeSpan.FromSeconds(10))));
        slots.Take();
        Assert.False(former.NextAsync(default).AsTask().IsCompleted);
    }

    [Fact]
    public async Task While_the_device_is_busy_late_parts_still_get_in()
    {
        var slots = Slots(busy: 1);
        Load(2);
        var next = Former(slots).NextAsync(default).AsTask();
        Assert.False(next.IsCompleted);

        Load(3);
        slots.Release();

        var batch = await next.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal((5, CutReason.Idle), (batch!.Parts.Count, batch.CutBy));
    }

    [Fact]
    public async Task With_room_for_a_second_batch_the_linger_bounds_the_wait()
    {
        Load(2);
        var next = Former(Slots(busy: 1, inFlight: 2)).NextAsync(default).AsTask();
        Assert.False(next.IsCompleted);

        _time.Advance(TimeSpan.FromMilliseconds(50));

        var batch = await next.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal((2, CutReason.Linger), (batch!.Parts.Count, batch.CutBy));
    }

    [Fact]
    public async Task Live_parts_go_first_and_reprocessing_fills_the_rest()
    {
        Load(4, lane: Lane.Reprocess);
        Load(6);

        var batch = await Former(Slots(busy: 0)).NextAsync(default);

        var expected = Enumerable.Repeat(Lane.Live, 6).Append(Lane.Reprocess).Append(Lane.Reprocess);
        Assert.Equal(expected, batch!.Parts.Select(p => p.Delivery.Lane));
    }

    [Fact]
    public async Task A_live_part_that_comes_while_the_device_works_is_not_behind_reprocessed_ones_that_were_there_before()
    {
        var slots = Slots(busy: 1);
        Load(20, lane: Lane.Reprocess);
        var next = Former(slots).NextAsync(default).AsTask();
        Assert.False(next.IsCompleted);

        using var active = new FakeModel("active@1");
        Load(1, active);
        slots.Release();

        var batch = await next.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal((active, 1), (batch!.Model, batch.Parts.Count));
    }

    [Theory]
    [InlineData(1, 8)]
    [InlineData(4, 5)]
    [InlineData(50, 1)]
    public async Task A_run_takes_no_more_reprocessed_parts_than_a_live_one_may_wait_for(int millisecondsPerPart, int expected)
    {
        Load(20, lane: Lane.Reprocess);
        for (var run = 0; run < 100; run++)
        {
            _share.RecordRun(parts: 4, TimeSpan.FromMilliseconds(4 * millisecondsPerPart), rests: false);
        }

        var batch = await Former(Slots(busy: 0)).NextAsync(default);

        Assert.Equal(expected, batch!.Parts.Count);
    }

    [Fact]
    public async Task While_a_live_part_is_on_its_way_no_reprocessed_run_begins_unless_the_last_was_long_ago()
    {
        var live = _share.Enter(Some.Delivery());
        _share.RecordRun(parts: 1, TimeSpan.FromMilliseconds(30), rests: true);
        Load(2, lane: Lane.Reprocess);
        var next = Former(Slots(busy: 0)).NextAsync(default).AsTask();

        _time.Advance(TimeSpan.FromMilliseconds(249));
        Assert.False(next.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await next.WaitAsync(TimeSpan.FromSeconds(10));

        _share.RecordRun(parts: 1, TimeSpan.FromMilliseconds(30), rests: true);
        Load(1, lane: Lane.Reprocess);
        next = Former(Slots(busy: 0)).NextAsync(default).AsTask();
        _time.Advance(TimeSpan.FromMilliseconds(91));
        Assert.False(next.IsCompleted);
        live.Dispose();
        await next.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task While_live_parts_come_reprocessed_runs_rest_three_times_as_long_as_they_took()
    {
        _share.Enter(Some.Delivery()).Dispose();
        _share.RecordRun(parts: 1, TimeSpan.FromMilliseconds(30), rests: true);
        Load(1, lane: Lane.Reprocess);
        var next = Former(Slots(busy: 0)).NextAsync(default).AsTask();

        _time.Advance(TimeSpan.FromMilliseconds(89));
        Assert.False(next.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(Lane.Reprocess, Assert.Single((await next.WaitAsync(TimeSpan.FromSeconds(10)))!.Parts).Delivery.Lane);
    }

    [Fact]
    public async Task While_live_parts_come_reprocessed_ones_never_have_two_runs_at_once()
    {
        RoomForTwoSinceALivePart(TimeSpan.FromMilliseconds(100));
        var slots = Slots(busy: 1);
        Load(8, lane: Lane.Reprocess);
        var next = Former(slots).NextAsync(default).AsTask();
        _time.Advance(TimeSpan.FromMilliseconds(50));
        await Assert.ThrowsAsync<TimeoutException>(() => next.WaitAsync(TimeSpan.FromMilliseconds(300)));

        slots.Release();

        await next.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Where_no_live_part_has_come_for_a_while_reprocessed_ones_may_have_two_runs_at_once()
    {
        RoomForTwoSinceALivePart(TimeSpan.FromSeconds(5));
        Load(8, lane: Lane.Reprocess);
        var next = Former(Slots(busy: 1)).NextAsync(default).AsTask();

        _time.Advance(TimeSpan.FromMilliseconds(50));

        await next.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Where_no_live_part_has_come_for_a_while_nothing_rests()
    {
        _share.Enter(Some.Delivery()).Dispose();
        _time.Advance(TimeSpan.FromSeconds(5));
        _share.RecordRun(parts: 1, TimeSpan.FromMilliseconds(30), rests: true);
        Load(1, lane: Lane.Reprocess);

        Assert.NotNull(await Former(Slots(busy: 0)).NextAsync(default).AsTask().WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task One_batch_holds_parts_of_one_model()
    {
        using var other = new FakeModel("other@2");
        Load(2);
        Load(3, other);
        var former = Former(Slots(busy: 0));

        Assert.Same(_model, (await former.NextAsync(default))!.Model);
        var second = await former.NextAsync(default);
        Assert.Equal((other, 3), (second!.Model, second.Parts.Count));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public async Task Reprocessed_parts_of_another_model_do_not_cut_a_batch_of_live_ones(int reprocessed)
    {
        using var other = new FakeModel("other@2");
        Receive(1);
        Load(reprocessed, other, Lane.Reprocess);
        Load(3);
        var next = Former(Slots(busy: 0)).NextAsync(default).AsTask();
        Assert.False(next.IsCompleted);

        Load(5);

        Assert.Equal((8, CutReason.Full), Cut(await next.WaitAsync(TimeSpan.FromSeconds(10))));
    }

    [Fact]
    public async Task After_both_lanes_end_the_rest_comes_and_then_null()
    {
        Load(1);
        _loaded.Complete();
        var former = Former(Slots(busy: 0));

        Assert.Single((await former.NextAsync(default))!.Parts);
        Assert.Null(await former.NextAsync(default));
    }

    // Reprocessed parts ran after the last live one, and the model takes two runs at once.
    private void RoomForTwoSinceALivePart(TimeSpan ago)
    {
        _model.InFlight = 2;
        _share.Enter(Some.Delivery()).Dispose();
        _share.RecordRun(parts: 1, TimeSpan.FromMilliseconds(30), rests: true);
        _time.Advance(ago);
    }

    private void Load(int count, FakeModel? model = null, Lane lane = Lane.Live)
    {
        for (var i = 0; i < count; i++)
        {
            var writer = lane == Lane.Live ? _loaded.Live.Writer : _loaded.Reprocess.Writer;
            Assert.True(writer.TryWrite(Some.Part(model ?? _model, lane)));
        }

        _wake.Set();
    }

    private void Receive(int count, Lane lane = Lane.Live)
    {
        for (var i = 0; i < count; i++)
        {
            Assert.True((lane == Lane.Live ? _received.Live : _received.Reprocess).Writer.TryWrite(Some.Delivery(lane)));
        }
    }

    private static (int Parts, CutReason CutBy) Cut(PartBatch? batch) => (batch!.Parts.Count, batch.CutBy);

    private DeviceSlots Slots(int busy, int inFlight = 0)
    {
        var slots = new DeviceSlots(new PipelineOptions { InFlight = inFlight }, _wake);
        for (var i = 0; i < busy; i++)
        {
            slots.Take();
        }

        return slots;
    }

    private BatchFormer Former(DeviceSlots slots) => new(_received, _loaded, slots, _share, _wake, Options, _time);
}
