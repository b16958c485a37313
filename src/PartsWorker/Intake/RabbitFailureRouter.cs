using Microsoft.Extensions.Logging;
using PartsWorker.Client;
using PartsWorker.Configuration;
using PartsWorker.FailureRows;
using PartsWorker.Failures;
using PartsWorker.Observability;
using RabbitMQ.Client;

namespace PartsWorker.Intake;

/// <summary>
/// Publishes failed messages to their retry queue or to the dead letters, over its own connection: back-pressure on publishing must not
/// delay acknowledgements. The delivery is settled only after the broker has confirmed the copy and the row about the failure is committed:
/// if the worker ends before that, the broker delivers the message again, and the row follows.
/// </summary>
internal sealed class RabbitFailureRouter(
    ConnectionFactory factory, PartsTopology topology, RabbitOptions options, IFailureRows rows, PipelineMetrics metrics, WorkerState state,
    TimeProvider time, ILogger<RabbitFailureRouter> log) : IFailureRouter
{
    // As readiness names it.
    private const string Forwarding = "forwarding of failed messages";

    private readonly SemaphoreSlim _opening = new(1, 1);
    private readonly ForwardedCopies _forwarded = new();
    private IConnection? _connection;
    private IChannel? _channel;

    public async Task RouteAsync(Delivery delivery, PipelineStage stage, PartFailureException failure, CancellationToken abort)
    {
        var (wait, attempts) = FailureLadder.Next(failure, delivery.Attempts, topology.RetrySteps);
        var row = FailedDelivery.RowOf(delivery, stage, failure, wait, attempts);
        if (_forwarded.Contains(delivery))
        {
            log.AlreadyForwarded(FailedDelivery.NameOf(row));
        }
        else
        {
            if (!await ForwardAsync(delivery, () => FailureHeaders.Create(delivery, row), wait?.Name ?? topology.DeadExchange, abort))
            {
                return;
            }

            Report(row, wait);
        }

        await rows.WriteAsync(row, abort);
        delivery.Done();
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        _opening.Dispose();
    }

    /// <returns>False when the delivery went stale or the worker aborts: the broker still has the original.</returns>
    private async Task<bool> ForwardAsync(
        Delivery delivery, Func<BasicProperties> properties, string exchange, CancellationToken abort)
    {
        for (var failures = 1; !abort.IsCancellationRequested && !delivery.IsStale; failures++)
        {
            // Tick while waiting: a broker that takes no copies must not trip the liveness probe; restarting would not help.
            state.Tick();
            IChannel? channel = null;
            try
            {
                channel = await ChannelAsync(abort);
                await PublishAsync(channel, delivery, exchange, properties(), abort);
                _forwarded.Remember(delivery);
                state.Solved(Forwarding);
                return true;
            }
            catch (Exception error) when (!abort.IsCancellationRequested)
            {
                state.Problem(Forwarding, error.Message);
                log.ForwardFailed(error.Message);
                await DropAsync(channel);
                await Backoff.PauseAsync(failures, options.ReconnectLimit, time, abort);
            }
        }

        // Another message that still cannot be forwarded sets it again.
        state.Solved(Forwarding);
        return false;
    }

    private async Task PublishAsync(
        IChannel channel, Delivery delivery, string exchange, BasicProperties properties, CancellationToken abort)
    {
        // A copy, because an abandoned publish may outlive the delivery, whose body returns to its pool.
        var body = delivery.Body.ToArray();
        var published = channel.BasicPublishAsync(exchange, delivery.RoutingKey, mandatory: true, properties, body, abort);
        await published.AsTask().WaitAsync(options.BrokerTimeout, abort);
    }

    private async Task<IChannel> ChannelAsync(CancellationToken abort)
    {
        await _opening.WaitAsync(abort);
        try
        {
            if (_channel is { IsOpen: true } open)
            {
                return open;
            }

            await CloseAsync();
            _connection = await RabbitConnections.ConnectAsync(factory, abort);
            _channel = await _connection.CreateChannelAsync(
                new CreateChannelOptions(true, true, new ThrottlingRateLimiter(128), 1), abort);
            if (options.Declare)
            {
                await topology.DeclareAsync(_channel, abort);
            }

            return _channel;
        }
        finally
        {
            _opening.Release();
        }
    }

    // Several parts may fail over the same broken connection; only the first of them may close it.
    private async Task DropAsync(IChannel? channel)
    {
        if (channel is not null && ReferenceEquals(Interlocked.CompareExchange(ref _channel, null, channel), channel))
        {
            await CloseAsync();
        }
    }

    private async Task CloseAsync()
    {
        _channel = null;
        if (Interlocked.Exchange(ref _connection, null) is { } connection)
        {
            try
            {
                await connection.DisposeAsync().AsTask().WaitAsync(options.BrokerTimeout);
            }
            catch (Exception error)
            {
                log.ForwardFailed(error.Message);
            }
        }
    }

    private void Report(FailureRow row, RetryStep? wait)
    {
        var (image, file) = (FailedDelivery.NameOf(row), FailedDelivery.FileOf(row));
        if (wait is null)
        {
            log.DeadLettered(image, row.Line, row.Camera, file, row.Reason, row.Stage, row.Error);
        }
        else
        {
            log.Retried(image, row.Line, row.Camera, file, row.Attempts, wait.Delay, row.Reason, row.Stage, row.Error);
        }

        metrics.Failed(row.Reason, row.Stage!, wait is null ? "dead" : "retry");
    }
}
