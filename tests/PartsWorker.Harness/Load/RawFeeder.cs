using PartsWorker.Client;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace PartsWorker.Harness.Load;

/// <summary>Publishes raw messages until the broker has confirmed each of them, and reconnects as often as necessary.</summary>
internal sealed class RawFeeder(string rabbitMq) : IAsyncDisposable
{
    private const int Window = 100;
    private readonly PartsTopology _topology = new();
    private IConnection? _connection;
    private IChannel? _channel;

    public int Confirmed { get; private set; }

    /// <param name="messages">The messages, in order.</param>
    /// <param name="pace">Awaited before each window, so that the caller controls how far it is ahead of the workers.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    public async Task PublishAsync(IReadOnlyList<RawMessage> messages, Func<int, Task> pace, CancellationToken cancellationToken)
    {
        while (Confirmed < messages.Count)
        {
            await pace(Confirmed);
            cancellationToken.ThrowIfCancellationRequested();
            var window = messages.Skip(Confirmed).Take(Window).ToArray();
            try
            {
                var channel = await ChannelAsync(cancellationToken);
                var confirmed = Task.WhenAll(window.Select(message => PublishAsync(channel, message, cancellationToken)));
                await confirmed.WaitAsync(TimeSpan.FromSeconds(20), cancellationToken);
                Confirmed += window.Length;
            }
            catch (Exception error) when (error is RabbitMQClientException or TimeoutException or IOException or ObjectDisposedException)
            {
                // Publish the whole window again: a repeated message is still one image.
                await DisposeAsync();
                await Task.Delay(300, cancellationToken);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        var connection = _connection;
        (_connection, _channel) = (null, null);
        if (connection is not null)
        {
            try
            {
                // Without a limit this can wait forever: a broker with a resource alarm does not read the client's close request.
                await connection.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10));
            }
            catch (Exception error) when (error is RabbitMQClientException or TimeoutException or IOException or ObjectDisposedException)
            {
                // The next window opens a new one.
            }
        }
    }

    private async Task PublishAsync(IChannel channel, RawMessage message, CancellationToken cancellationToken)
    {
        var id = message.Id.ToString();
        var properties = new BasicProperties
        {
            MessageId = id,
            ContentType = message.ContentType,
            Persistent = true,
            Headers = new Dictionary<string, object?>(message.Headers, StringComparer.Ordinal) { [RawMessage.IdHeader] = id },
        };
        await channel.BasicPublishAsync(
            _topology.Exchange, message.RoutingKey, mandatory: true, properties, message.Body, cancellationToken);
    }

    private async Task<IChannel> ChannelAsync(CancellationToken cancellationToken)
    {
        if (_channel is { IsOpen: true })
        {
            return _channel;
        }

        var factory = RabbitConnections.Factory(rabbitMq, clientName: "raw feeder");
        _connection = await factory.CreateConnectionAsync(cancellationToken);
        _channel = await _connection.CreateChannelAsync(
            new CreateChannelOptions(
                publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true, new ThrottlingRateLimiter(2 * Window)),
            cancellationToken);
        await _topology.DeclareAsync(_channel, cancellationToken);
        return _channel;
    }
}
