using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using PartsWorker.Client;
using PartsWorker.Configuration;
using PartsWorker.Observability;
using RabbitMQ.Client;

namespace PartsWorker.Intake;

/// <summary>
/// Supervises the consuming connection of one lane: it connects with back-off, consumes, and when anything breaks drops the whole
/// generation and starts the next one. The library's own recovery is off: it does not cover first connects, closed channels or cancelled
/// consumers.
/// </summary>
internal sealed class LaneIntake(
    ConnectionFactory factory, PartsTopology topology, RabbitOptions options, ushort prefetch, Lane lane, WorkerState state,
    TimeProvider time, ILogger log) : IAsyncDisposable
{
    private IntakeSession? _session;

    /// <summary>Writes the lane's deliveries until <paramref name="stopping"/>.</summary>
    public async Task ReceiveAsync(ChannelWriter<Delivery> to, CancellationToken stopping)
    {
        var failures = 0;
        for (var generation = 1; !stopping.IsCancellationRequested; generation++)
        {
            try
            {
                _session = await IntakeSession.OpenAsync(factory, topology, options, prefetch, lane, to, time, stopping);
                failures = 0;
                state.BrokerConnected(lane);
                log.Connected(lane, _session.Endpoint, generation);
                var reason = await WatchAsync(_session, stopping);
                state.BrokerLost(lane, reason);
                log.Lost(lane, generation, reason);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                break;
            }
            catch (Exception error)
            {
                // Every failure to connect is retried: refused, unresolved, not authorised yet, topology in conflict.
                var reason = Reason(error);
                state.BrokerLost(lane, reason);
                ReportNotConnected(error, generation, reason);
            }

            await DropSessionAsync();
            await Backoff.PauseAsync(++failures, options.ReconnectLimit, time, stopping);
        }

        await StopAsync();
    }

    public async Task CloseAsync(CancellationToken cancellation)
    {
        try
        {
            await (_session?.CloseAsync(cancellation) ?? Task.CompletedTask);
        }
        catch (Exception error)
        {
            // A lost acknowledgement only causes a redelivery, which the idempotent write makes harmless.
            log.CloseFailed(error.Message);
        }

        await DropSessionAsync();
    }

    /// <returns>Null without a connection, or when the broker does not answer.</returns>
    public async Task<IReadOnlyList<QueueDepth>?> ReadDepthsAsync(CancellationToken cancellation)
    {
        try
        {
            return _session is { } session
                ? await session.ReadDepthsAsync(topology, cancellation).WaitAsync(options.BrokerTimeout, time, cancellation)
                : null;
        }
        catch (Exception) when (!cancellation.IsCancellationRequested)
        {
            // A queue may be missing, or the connection was lost meanwhile; its loss is reported elsewhere.
            return null;
        }
    }

    public async ValueTask DisposeAsync() => await DropSessionAsync();

    /// <summary>Returns the reason why the session is over; throws when <paramref name="stopping"/> fires first.</summary>
    private async Task<string> WatchAsync(IntakeSession session, CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(options.WatchdogInterval, time);
        while (true)
        {
            var tick = timer.WaitForNextTickAsync(stopping).AsTask();
            await Task.WhenAny(session.Lost, tick);
            stopping.ThrowIfCancellationRequested();
            if (session.Lost.IsCompleted)
            {
                return await session.Lost;
            }

            state.BrokerBlocked(session.Blocked);
            if (await session.IsStalledAsync(prefetch, stopping).WaitAsync(options.BrokerTimeout, stopping))
            {
                return "messages wait in the queue but none arrive";
            }
        }
    }

    private void ReportNotConnected(Exception error, int generation, string reason)
    {
        if (error is not RabbitConnectionException { IsConflict: true })
        {
            log.NotConnected(lane, generation, reason);
        }
        else if (state.IsNewConflict(reason))
        {
            log.Conflict(reason);
        }
    }

    private async Task StopAsync()
    {
        try
        {
            await (_session?.StopConsumingAsync(CancellationToken.None) ?? Task.CompletedTask).WaitAsync(TimeSpan.FromSeconds(5));
        }
        catch (Exception error)
        {
            log.CloseFailed(error.Message);
        }
    }

    private async Task DropSessionAsync()
    {
        if (Interlocked.Exchange(ref _session, null) is { } session)
        {
            await session.DisposeAsync();
        }
    }

    private static string Reason(Exception error) => error switch
    {
        RabbitConnectionException => error.Message,

        // The library cancels a call that the broker does not answer, such as one for a queue without a leader.
        OperationCanceledException => "the broker accepted the connection but did not answer in time",
        { InnerException: { } inner } => $"{error.Message} {Reason(inner)}",
        _ => error.Message,
    };
}
