using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace PartsWorker.Client;

/// <summary>One connection and one channel with confirms. Never repaired: what breaks is thrown away and a new one is opened.</summary>
internal sealed class BrokerSession : IAsyncDisposable
{
    private readonly PublisherOptions _options;
    private readonly PartsTopology _topology;
    private readonly IConnection _connection;
    private readonly IChannel _channel;
    private readonly TaskCompletionSource<string> _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile string? _blocked;
    private volatile bool _broken;

    private BrokerSession(PublisherOptions options, PartsTopology topology, IConnection connection, IChannel channel)
    {
        (_options, _topology, _connection, _channel) = (options, topology, connection, channel);
        connection.ConnectionBlockedAsync += (_, e) => Remember(e.Reason);
        connection.ConnectionUnblockedAsync += (_, _) => Remember(null);
        connection.ConnectionShutdownAsync += (_, e) => Lose(e.ReplyText);
        channel.ChannelShutdownAsync += (_, e) => Lose(e.ReplyText);
    }

    public bool IsOpen => !_broken && _channel.IsOpen;

    /// <summary>Why the broker takes nothing at present (disk or memory alarm), or null.</summary>
    public string? Blocked => _blocked;

    public static async Task<BrokerSession> OpenAsync(ConnectionFactory factory, PublisherOptions options, PartsTopology topology, CancellationToken ct)
    {
        var connection = await RabbitConnections.ConnectAsync(factory, ct);
        try
        {
            if (options.Declare)
            {
                await using var declaring = await connection.CreateChannelAsync(cancellationToken: ct);
                await topology.DeclareAsync(declaring, ct);
            }

            // Both switches leave the library's own limiter off; the publisher bounds what is outstanding.
            var channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true, outstandingPublisherConfirmationsRateLimiter: null), ct);
            return new BrokerSession(options, topology, connection, channel);
        }
        catch (OperationInterruptedException error)
        {
            await connection.DisposeAsync();
            throw new RabbitConnectionException($"RabbitMQ refused to set up '{topology.Exchange}': {error.ShutdownReason?.ReplyText ?? error.Message}", inner: error);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Completes when the broker has taken the message. Calls made one after another are sent in that order.</summary>
    public async Task PublishAsync(Outgoing outgoing)
    {
        try
        {
            // A message that is given up may arrive all the same, so nothing is gained by a token inside; the wait is bounded outside.
            var sent = _channel.BasicPublishAsync(
                _topology.Exchange, outgoing.RoutingKey, mandatory: true, outgoing.Properties(_options.Time.GetUtcNow()), outgoing.Message.Body, CancellationToken.None);
            await AnswerAsync(sent.AsTask()).WaitAsync(_options.ConfirmTimeout, _options.Time);
        }
        catch (PublishException error) when (error.IsReturn)
        {
            throw new PublishFailedException(outgoing.ImageId, $"no queue takes '{outgoing.RoutingKey}' on exchange '{_topology.Exchange}'", inner: error);
        }
        catch (PublishException error) when (IsOpen)
        {
            throw new PublishFailedException(outgoing.ImageId, $"the broker refused it: is {_topology.QueueOf(PartsTopology.LaneOf(outgoing.RoutingKey) ?? Lane.Live)} full?", inner: error);
        }
        catch (TimeoutException error)
        {
            _broken = true;
            var why = _blocked is { } reason ? $"the broker is blocking publishers: {ReferenceRules.Printable(reason)}" : "the broker did not confirm";
            throw new SessionLostException($"{why} (waited {_options.ConfirmTimeout.TotalSeconds:0.#} s)", error);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // Whatever else the library throws, this channel is no longer known to be sound.
            _broken = true;
            throw new SessionLostException($"the connection to RabbitMQ was lost ({ReferenceRules.Printable(error.Message, 200)})", error);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _broken = true;
        try
        {
            await _connection.CloseAsync(Constants.ReplySuccess, "done", TimeSpan.FromSeconds(2), abort: true, CancellationToken.None);
            await _channel.DisposeAsync();
            await _connection.DisposeAsync();
        }
        catch (Exception error) when (error is RabbitMQClientException or IOException or ObjectDisposedException or TimeoutException or OperationCanceledException)
        {
            // The other side is gone; there is nothing left to close.
        }
    }

    // The library does not end a publish that waits for the socket of a dead connection.
    private async Task AnswerAsync(Task sent)
    {
        if (await Task.WhenAny(sent, _lost.Task) == _lost.Task && !sent.IsCompleted)
        {
            _ = sent.ContinueWith(t => t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            throw new IOException(await _lost.Task);
        }

        await sent;
    }

    private Task Lose(string reason)
    {
        _lost.TrySetResult(reason);
        return Task.CompletedTask;
    }

    private Task Remember(string? reason)
    {
        _blocked = reason;
        return Task.CompletedTask;
    }
}

/// <summary>The session is gone; whether the message arrived is unknown, so it is sent again over the next one.</summary>
internal sealed class SessionLostException(string message, Exception inner) : Exception(message, inner);
