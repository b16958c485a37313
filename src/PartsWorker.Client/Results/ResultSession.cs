using System.Threading.Channels;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace PartsWorker.Client;

/// <summary>One connection, channel and consumer of a <see cref="ResultSubscriber"/>. Never repaired: a broken one is replaced.</summary>
internal sealed class ResultSession : IAsyncDisposable
{
    private readonly SubscriberOptions _options;
    private readonly IConnection _connection;
    private readonly IChannel _channel;
    private readonly Channel<(ulong Tag, byte[] Body)> _received;
    private string _reason = "the connection to RabbitMQ was lost";

    private ResultSession(SubscriberOptions options, IConnection connection, IChannel channel)
    {
        (_options, _connection, _channel) = (options, connection, channel);
        // The prefetch bounds it; the broker sends no more than that.
        _received = Channel.CreateBounded<(ulong, byte[])>(options.Prefetch);
        connection.ConnectionShutdownAsync += (_, e) => Lose($"the connection to RabbitMQ was lost ({e.ReplyText})");
        channel.ChannelShutdownAsync += (_, e) => Lose($"the connection to RabbitMQ was lost ({e.ReplyText})");
    }

    public static async Task<ResultSession> OpenAsync(ConnectionFactory factory, SubscriberOptions options, CancellationToken ct)
    {
        var connection = await RabbitConnections.ConnectAsync(factory, ct);
        try
        {
            // The fourth argument must be set: its default silently overrides the dispatch concurrency of the factory.
            var channel = await connection.CreateChannelAsync(new CreateChannelOptions(false, false, null, 1), ct);
            var session = new ResultSession(options, connection, channel);
            await session.ConsumeAsync(await session.DeclareAsync(ct), ct);
            return session;
        }
        catch (OperationInterruptedException error)
        {
            await connection.DisposeAsync();
            throw new RabbitConnectionException(
                $"RabbitMQ refused the queue of results: {error.ShutdownReason?.ReplyText ?? error.Message}", inner: error);
        }
        catch (OperationCanceledException error) when (!ct.IsCancellationRequested)
        {
            // The library cancels a call that the broker does not answer, for example while a cluster has no majority.
            await connection.DisposeAsync();
            throw new RabbitConnectionException("RabbitMQ accepted the connection, but did not answer in time", inner: error);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Returns the reason when the session is over.</summary>
    public async Task<string> HandleAsync(Func<ClassificationResult, CancellationToken, Task> handle, CancellationToken ct)
    {
        await foreach (var (tag, body) in _received.Reader.ReadAllAsync(ct))
        {
            if (Read(body) is { } result)
            {
                await handle(result, ct);
            }

            try
            {
                await _channel.BasicAckAsync(tag, multiple: false, CancellationToken.None).AsTask()
                    .WaitAsync(TimeSpan.FromSeconds(30), _options.Time, ct);
            }
            catch (Exception error) when (error is RabbitMQClientException or IOException or ObjectDisposedException or TimeoutException)
            {
                return $"{_reason}; the broker delivers the last result again ({error.Message})";
            }
        }

        return _reason;
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _connection.CloseAsync(Constants.ReplySuccess, "done", TimeSpan.FromSeconds(2), abort: true, CancellationToken.None);
            await _channel.DisposeAsync();
            await _connection.DisposeAsync();
        }
        catch (Exception error) when (
            error is RabbitMQClientException or IOException or ObjectDisposedException or TimeoutException or OperationCanceledException)
        {
            // The other side is gone; there is nothing left to close.
        }
    }

    private async Task<string> DeclareAsync(CancellationToken ct)
    {
        var topology = new PartsTopology(_options.Prefix);
        if (_options.Declare)
        {
            await topology.DeclareResultsAsync(_channel, ct);
        }

        var queue = _options.Queue is { } name
            ? await _channel.QueueDeclareAsync(name, durable: true, exclusive: false, autoDelete: false, Kept(), cancellationToken: ct)
            : await _channel.QueueDeclareAsync("", durable: false, exclusive: true, autoDelete: true, cancellationToken: ct);
        var key = PartsTopology.ResultKey(_options.Line, _options.Camera, _options.Decision);
        await _channel.QueueBindAsync(queue.QueueName, topology.ResultsExchange, key, cancellationToken: ct);
        return queue.QueueName;
    }

    private Dictionary<string, object?> Kept() => new()
    {
        ["x-queue-type"] = "quorum",
        // RabbitMQ 4 drops a message after 20 deliveries otherwise, and a result that waits for a gateway has many.
        ["x-delivery-limit"] = PartsTopology.Unlimited,
        ["x-max-length"] = _options.MaxLength,
        ["x-overflow"] = "drop-head",
    };

    private async Task ConsumeAsync(string queue, CancellationToken ct)
    {
        await _channel.BasicQosAsync(0, (ushort)_options.Prefetch, global: false, ct);
        var consumer = new AsyncEventingBasicConsumer(_channel);
        consumer.ReceivedAsync += async (_, message) =>
        {
            // A copy: the library's memory is only valid inside this handler.
            await _received.Writer.WriteAsync((message.DeliveryTag, message.Body.ToArray()), message.CancellationToken);
        };
        consumer.UnregisteredAsync += (_, _) => Lose("the broker ended the subscription: was its queue deleted?");
        await _channel.BasicConsumeAsync(queue, autoAck: false, consumer, ct);
    }

    private ClassificationResult? Read(byte[] body)
    {
        try
        {
            return ClassificationResultCodec.Decode(body);
        }
        catch (BadMessageException error)
        {
            _options.Notice?.Invoke($"skipped a message that is not a result: {error.Message}");
            return null;
        }
    }

    private Task Lose(string reason)
    {
        if (_received.Writer.TryComplete())
        {
            _reason = reason;
        }

        return Task.CompletedTask;
    }
}
