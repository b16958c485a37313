using System.Buffers;
using System.Threading.Channels;
using PartsWorker.Client;
using RabbitMQ.Client;

namespace PartsWorker.Intake;

/// <summary>Takes the deliveries of one lane on one channel and reports when the broker ends it.</summary>
internal sealed class LaneConsumer(
    IChannel channel, Lane lane, string queue, ChannelAcknowledger acknowledger, ChannelWriter<Delivery> to, TimeProvider time,
    Action<string> lost)
    : AsyncDefaultBasicConsumer(channel)
{
    private long _received;
    private volatile bool _waits;

    public long Received => Interlocked.Read(ref _received);

    /// <summary>A delivery waits for room in the lane, so that the library hands over no other.</summary>
    public bool Waits => _waits;

    public override async Task HandleBasicDeliverAsync(
        string consumerTag, ulong deliveryTag, bool redelivered, string exchange, string routingKey,
        IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _received);
        var copy = ArrayPool<byte>.Shared.Rent(body.Length);
        body.CopyTo(copy);
        var delivery = new Delivery(acknowledger, deliveryTag, lane, copy.AsMemory(0, body.Length), copy)
        {
            Exchange = exchange,
            Queue = queue,
            RoutingKey = routingKey,
            ContentType = properties.ContentType,
            ContentEncoding = properties.ContentEncoding,
            MessageId = properties.MessageId,
            Headers = properties.Headers,
            Redelivered = redelivered,
            ReceivedAt = time.GetUtcNow(),
            PublishedAt = MessageTimes.PublishedAt(properties),
        };
        try
        {
            _waits = true;
            await to.WriteAsync(delivery, CancellationToken.None);
        }
        catch (ChannelClosedException)
        {
            // Stopping: the message stays unacknowledged and goes back to the queue when the channel closes.
        }
        finally
        {
            _waits = false;
        }
    }

    public override Task HandleBasicCancelAsync(string consumerTag, CancellationToken cancellationToken = default)
    {
        lost($"the broker cancelled the consumer of the {lane} lane");
        return Task.CompletedTask;
    }
}
