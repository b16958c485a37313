using PartsWorker.Client;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace PartsWorker.Harness.Feeding;

/// <summary>Publishes raw messages until the broker has confirmed each one, over as many connections as it takes.</summary>
internal sealed class RawFeeder(string rabbitMq) : IAsyncDisposable
{
    private const int Window = 100;
    private readonly PartsTopology _topology = new();
    private IConnection? _connection;
    private IChannel? _channel;

    public int Confirmed { get; private set; }

    /// <param name="messages">What to publish, in order.</param>
    /// <param name="pace">Awaited before each window, so that the caller decides how far it is ahead of the workers.</param>
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
                await Task.WhenAll(window.Select(m => PublishAsync(channel, m, cancellationToken))).WaitAsync(TimeSpan.FromSeconds(20), cancellationToken);
                Confirmed += window.Length;
            }
            catch (Exception error) when (error is RabbitMQClientException or TimeoutException or IOException or ObjectDisposedException)
            {
                // What was taken of this window is published again: the same message twice is one image.
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
                // Without a bound it can wait for ever: a broker with a resource alarm does not even read that the client leaves.
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
        await channel.BasicPublishAsync(_topology.Exchange, message.RoutingKey, mandatory: true, properties, message.Body, cancellationToken);
    }

    private async Task<IChannel> ChannelAsync(CancellationToken cancellationToken)
    {
        if (_channel is { IsOpen: true })
        {
            return _channel;
        }

        var factory = new ConnectionFactory { Uri = new Uri(rabbitMq), AutomaticRecoveryEnabled = false, ClientProvidedName = "raw feeder" };
        _connection = await factory.CreateConnectionAsync(cancellationToken);
        _channel = await _connection.CreateChannelAsync(
            new CreateChannelOptions(
                publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true, new ThrottlingRateLimiter(2 * Window)),
            cancellationToken);
        await _topology.DeclareAsync(_channel, cancellationToken);
        return _channel;
    }
}
