using RabbitMQ.Client;

namespace PartsWorker.Client;

/// <summary>
/// Receives results over its own connection and queue, one at a time and in the order of the queue. A result is acknowledged when its
/// handler has ended, so that one whose handling was interrupted arrives again. Connects again with a growing, jittered pause.
/// </summary>
public sealed class ResultSubscriber : IAsyncDisposable
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);
    private readonly SubscriberOptions _options;
    private readonly ConnectionFactory _factory;
    private readonly CancellationTokenSource _closing = new();
    private ResultSession? _session;

    private ResultSubscriber(SubscriberOptions options)
    {
        options.Validate();
        _options = options;
        _factory = RabbitConnections.Factory(options.ConnectionString, options.Connection, options.ClientName);
    }

    /// <summary>Connects once and declares the queue: results that are published from now on reach it.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="RabbitConnectionException">Settings wrong, access refused, or broker not reachable; one line.</exception>
    public static async Task<ResultSubscriber> ConnectAsync(SubscriberOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var subscriber = new ResultSubscriber(options);
        subscriber._session = await ResultSession.OpenAsync(subscriber._factory, options, cancellationToken);
        return subscriber;
    }

    /// <summary>Hands every result to <paramref name="handle"/> until cancelled or disposed; to be called once.</summary>
    /// <param name="handle">
    /// Called for one result after another. Its exception ends the run; the result then stays unacknowledged and arrives again.
    /// </param>
    /// <param name="cancellationToken">
    /// Ends the run, which then returns, as <see cref="DisposeAsync"/> does. The handler's token is cancelled by both.
    /// </param>
    public async Task RunAsync(Func<ClassificationResult, CancellationToken, Task> handle, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(handle);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closing.Token);
        for (var failures = 0; !ending.IsCancellationRequested; failures++)
        {
            try
            {
                var session = _session ??= await ConnectAgainAsync(failures, ending.Token);
                failures = 0;
                var reason = await session.HandleAsync(handle, ending.Token);
                _options.Notice?.Invoke(reason);
            }
            catch (OperationCanceledException) when (ending.IsCancellationRequested)
            {
                break;
            }
            catch (RabbitConnectionException error)
            {
                _options.Notice?.Invoke(error.Message);
            }

            await CloseSessionAsync();
        }

        // A session that was being opened while the subscriber was disposed.
        if (_closing.IsCancellationRequested)
        {
            await CloseSessionAsync();
        }
    }

    /// <summary>Ends a run and closes the connection; unacknowledged results return to a durable queue.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await CloseSessionAsync();
    }

    private async Task<ResultSession> ConnectAgainAsync(int failures, CancellationToken ct)
    {
        await Backoff.PauseAsync(failures, LongestPause, _options.Time, ct);
        var session = await ResultSession.OpenAsync(_factory, _options, ct);
        _options.Notice?.Invoke("connected to RabbitMQ again");
        return session;
    }

    private async Task CloseSessionAsync()
    {
        if (Interlocked.Exchange(ref _session, null) is { } session)
        {
            await session.DisposeAsync();
        }
    }
}
