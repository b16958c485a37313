using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace PartsWorker.Client;

/// <summary>One connection and one channel with confirms. Never repaired: a broken session is closed and a new one opened.</summary>
internal sealed class BrokerSession : IAsyncDisposable
{
    private readonly PublisherOptions _options;
    private readonly PartsTopology _topology;
    private readonly IConnection _connection;
    private readonly IChannel _channel;
    private readonly TaskCompletionSource<string> _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile string? _blocked;
    private volatile bool _broken;

    private BrokerSession(PublisherOptions options, IConnection connection, IChannel channel)
    {
        (_options, _topology, _connection, _channel) = (options, new PartsTopology(options.Prefix), connection, channel);
        connection.ConnectionBlockedAsync += (_, e) => Remember(e.Reason);
        connection.ConnectionUnblockedAsync += (_, _) => Remember(null);
        connection.ConnectionShutdownAsync += (_, e) => Lose(e.ReplyText);
        channel.ChannelShutdownAsync += (_, e) => Lose(e.ReplyText);
    }

    public bool IsOpen => !_broken && _channel.IsOpen;

    /// <summary>Why the broker currently blocks publishers (a disk or memory alarm), or null.</summary>
    public string? Blocked => _blocked;

    public static async Task<BrokerSession> OpenAsync(
        ConnectionFactory factory, PublisherOptions options, Func<IChannel, CancellationToken, Task> declare, CancellationToken ct)
    {
        var connection = await RabbitConnections.ConnectAsync(factory, ct);
        try
        {
            if (options.Declare)
            {
                await using var declaring = await connection.CreateChannelAsync(cancellationToken: ct);
                await declare(declaring, ct);
            }

            // Confirms without the library's own limiter: the publisher limits the outstanding messages.
            var confirms = new CreateChannelOptions(true, true, outstandingPublisherConfirmationsRateLimiter: null);
            var channel = await connection.CreateChannelAsync(confirms, ct);
            return new BrokerSession(options, connection, channel);
        }
        catch (OperationInterruptedException error)
        {
            await connection.DisposeAsync();
            throw new RabbitConnectionException(
                $"RabbitMQ refused to set up '{options.Prefix}': {error.ShutdownReason?.ReplyText ?? error.Message}", inner: error);
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

    /// <summary>Completes when the broker has taken the message. Calls made one after another are sent in that order.</summary>
    public async Task PublishAsync(Outgoing outgoing)
    {
        try
        {
            var properties = outgoing.Properties(_options.Time.GetUtcNow());
            var sent = SendAsync(_topology.Exchange, outgoing.RoutingKey, mandatory: true, properties, outgoing.Message.Body);
            await AnswerAsync(sent);
        }
        catch (PublishException error) when (error.IsReturn)
        {
            throw new PublishFailedException(
                outgoing.ImageId, $"no queue takes '{outgoing.RoutingKey}' on exchange '{_topology.Exchange}'", inner: error);
        }
        catch (PublishException error)
        {
            var queue = _topology.QueueOf(PartsTopology.LaneOf(outgoing.RoutingKey) ?? Lane.Live);
            throw new PublishFailedException(outgoing.ImageId, $"the broker refused it: is {queue} full?", inner: error);
        }
    }

    /// <summary>Sends without waiting for the confirm; calls made one after another are sent in that order.</summary>
    // No token: a cancelled message may still arrive, so only the wait for its confirm is bounded.
    public async Task SendAsync(
        string exchange, string routingKey, bool mandatory, BasicProperties properties, ReadOnlyMemory<byte> body) =>
        await _channel.BasicPublishAsync(exchange, routingKey, mandatory, properties, body, CancellationToken.None);

    /// <summary>Waits for the confirms of what was sent.</summary>
    /// <exception cref="PublishException">The broker refused or returned a message; the session can be used further.</exception>
    /// <exception cref="SessionLostException">The session is over.</exception>
    public async Task AnswerAsync(Task sent)
    {
        try
        {
            await UnlessLostAsync(sent).WaitAsync(_options.ConfirmTimeout, _options.Time);
        }
        catch (PublishException error) when (error.IsReturn || IsOpen)
        {
            throw;
        }
        catch (TimeoutException error)
        {
            _broken = true;
            var why = _blocked is { } reason
                ? $"the broker is blocking publishers: {ReferenceRules.Printable(reason)}"
                : "the broker did not confirm";
            throw new SessionLostException($"{why} (waited {_options.ConfirmTimeout.TotalSeconds:0.#} s)", error);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // After any other exception the state of the channel is unknown.
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
        catch (Exception error) when (
            error is RabbitMQClientException or IOException or ObjectDisposedException or TimeoutException or OperationCanceledException)
        {
            // The other side is gone; there is nothing left to close.
        }
    }

    // The library never completes a publish that waits for the socket of a dead connection.
    private async Task UnlessLostAsync(Task sent)
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
