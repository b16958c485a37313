using System.Threading.Channels;
using PartsWorker.Client;
using PartsWorker.Intake;
using RabbitMQ.Client;

namespace PartsWorker.Tests.Intake;

public sealed class SessionLaneTests
{
    private const int Prefetch = 10;
    private readonly Channel<Delivery> _deliveries = Channel.CreateBounded<Delivery>(1);
    private readonly LaneConsumer _consumer;
    private readonly SessionLane _lane;

    public SessionLaneTests()
    {
        var channel = AckRecorder.Create().Channel;
        var acknowledger = new ChannelAcknowledger(channel, TimeSpan.FromSeconds(30));
        _consumer = new LaneConsumer(channel, Lane.Live, "parts.live", acknowledger, _deliveries.Writer, TimeProvider.System, _ => { });
        _lane = new SessionLane("parts.live", channel, "live", _consumer, acknowledger, Task.CompletedTask);
    }

    [Fact]
    public void Messages_that_wait_while_none_arrive_are_a_stall_at_the_second_check_in_a_row() =>
        Assert.Equal([false, false, true], Check(times: 3));

    [Fact]
    public async Task A_delivery_that_waits_for_room_in_a_full_lane_is_no_stall()
    {
        await DeliverAsync();
        var waiting = DeliverAsync();

        Assert.Equal([false, false, false, false], Check(times: 4));

        await _deliveries.Reader.ReadAsync();
        await waiting.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal([false, true], Check(times: 2));
    }

    private bool[] Check(int times) => [.. Enumerable.Range(0, times).Select(_ => _lane.IsStalled(ready: 5, Prefetch))];

    private Task DeliverAsync() => _consumer.HandleBasicDeliverAsync(
        "live", 1, redelivered: false, "parts", "image.live.A.cam-1", new BasicProperties(), ReadOnlyMemory<byte>.Empty);
}
