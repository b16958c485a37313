using System.Threading.Channels;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace PartsWorker.Queues;

/// <summary>
/// Moves the messages of one queue through an exchange to another, in their order and with their properties and routing keys. A message is
/// removed after the broker has confirmed its copy; a stop in between leaves a second copy and loses nothing.
/// </summary>
/// <param name="connection">A connection.</param>
/// <param name="advance">Receives the number of messages that were moved since the last call.</param>
internal sealed class MessageMove(IConnection connection, Action<long> advance)
{
    private const ushort AtATime = 200;

    // Longer than a delivery takes, so that an empty queue is asked for its count and not waited for.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ConfirmTimeout = TimeSpan.FromSeconds(60);

    /// <summary>Moves what is there. A delivery that was on its way when the consumer ended goes back to its queue.</summary>
    /// <exception cref="UserErrorException">The other queue does not take a message; it stays where it was.</exception>
    public async Task RunAsync(string from, string exchange, CancellationToken cancellationToken)
    {
        var confirms = new CreateChannelOptions(true, true, outstandingPublisherConfirmationsRateLimiter: null);
        await using var sending = await connection.CreateChannelAsync(confirms, cancellationToken);
        await using var taking = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        await taking.BasicQosAsync(0, AtATime, global: false, cancellationToken);
        var messages = Channel.CreateBounded<Taken>(AtATime);
        var consumer = new AsyncEventingBasicConsumer(taking);
        consumer.ReceivedAsync += (_, delivery) => messages.Writer.WriteAsync(
            new Taken(
                delivery.DeliveryTag, delivery.RoutingKey, new BasicProperties(delivery.BasicProperties), delivery.Body.ToArray()),
            cancellationToken).AsTask();
        await taking.BasicConsumeAsync(from, autoAck: false, consumer, cancellationToken);
        while (await TakeAsync(from, messages.Reader, cancellationToken) is { Count: > 0 } some)
        {
            await SendAsync(sending, exchange, some);
            await taking.BasicAckAsync(some[^1].Tag, multiple: true, cancellationToken);
            advance(some.Count);
        }
    }

    /// <returns>The next messages; none when the queue is empty.</returns>
    private async Task<List<Taken>> TakeAsync(string queue, ChannelReader<Taken> messages, CancellationToken cancellationToken)
    {
        var some = new List<Taken>();
        while (true)
        {
            while (some.Count < AtATime && messages.TryRead(out var next))
            {
                some.Add(next);
            }

            if (some.Count > 0)
            {
                return some;
            }

            try
            {
                await messages.WaitToReadAsync(cancellationToken).AsTask().WaitAsync(Pause, cancellationToken);
            }
            catch (TimeoutException)
            {
                if (await CountAsync(queue, cancellationToken) == 0)
                {
                    return [];
                }
            }
        }
    }

    private async Task<uint> CountAsync(string queue, CancellationToken cancellationToken)
    {
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        return (await QueueCount.ReadAsync(channel, queue, cancellationToken)).MessageCount;
    }

    private static async Task SendAsync(IChannel channel, string exchange, List<Taken> messages)
    {
        try
        {
            await Task.WhenAll(messages.Select(message => channel.BasicPublishAsync(
                exchange, message.RoutingKey, mandatory: true, message.Properties, message.Body, CancellationToken.None).AsTask()))
                .WaitAsync(ConfirmTimeout);
        }
        catch (PublishException error)
        {
            throw new UserErrorException(
                $"the broker refused a message for {exchange}: is its queue full? Nothing is lost; make room and run the command again",
                exitCode: 1, error);
        }
    }

    private sealed record Taken(ulong Tag, string RoutingKey, BasicProperties Properties, ReadOnlyMemory<byte> Body);
}
