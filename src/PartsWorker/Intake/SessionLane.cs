using RabbitMQ.Client;

namespace PartsWorker.Intake;

/// <summary>What one lane of one connection generation consists of.</summary>
internal sealed class SessionLane(
    string queue, IChannel channel, string consumerTag, LaneConsumer consumer, ChannelAcknowledger acknowledger, Task writing)
{
    private long _receivedBefore = -1;
    private int _stalledLooks;

    public string Queue { get; } = queue;

    public IChannel Channel { get; } = channel;

    public string ConsumerTag { get; } = consumerTag;

    public ChannelAcknowledger Acknowledger { get; } = acknowledger;

    public Task Writing { get; } = writing;

    /// <summary>Messages ready, room under the prefetch, and nothing arrived since the last look: twice in a row is stalled.</summary>
    public bool IsStalled(uint ready, int prefetch)
    {
        var received = consumer.Received;
        var outstanding = received - Acknowledger.SettledCount;
        var silent = ready > 0 && outstanding < prefetch && received == _receivedBefore;
        _receivedBefore = received;
        _stalledLooks = silent ? _stalledLooks + 1 : 0;
        return _stalledLooks >= 2;
    }
}
