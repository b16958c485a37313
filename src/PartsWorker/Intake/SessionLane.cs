using RabbitMQ.Client;

namespace PartsWorker.Intake;

/// <summary>One lane of one connection generation: its channel, consumer and acknowledger.</summary>
internal sealed class SessionLane(
    string queue, IChannel channel, string consumerTag, LaneConsumer consumer, ChannelAcknowledger acknowledger, Task writing)
{
    private long _receivedBefore = -1;
    private int _stalledChecks;

    public string Queue { get; } = queue;

    public IChannel Channel { get; } = channel;

    public string ConsumerTag { get; } = consumerTag;

    public ChannelAcknowledger Acknowledger { get; } = acknowledger;

    public Task Writing { get; } = writing;

    /// <summary>
    /// True when two checks in a row find messages ready, room under the prefetch, and no delivery since the last check. A full lane is no
    /// stall: deliveries of an earlier generation may still fill it, and one more connection would receive no more.
    /// </summary>
    public bool IsStalled(uint ready, int prefetch)
    {
        var received = consumer.Received;
        var outstanding = received - Acknowledger.SettledCount;
        var silent = ready > 0 && !consumer.Waits && outstanding < prefetch && received == _receivedBefore;
        _receivedBefore = received;
        _stalledChecks = silent ? _stalledChecks + 1 : 0;
        return _stalledChecks >= 2;
    }
}
