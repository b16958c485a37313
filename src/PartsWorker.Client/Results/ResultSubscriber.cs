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

    /// <summary>Hands every result to <paramref name="handle"/> until cancelled; to be called once.</summary>
    /// <param name="handle">
    /// Called for one result after another. Its exception ends the run; the result then stays unacknowledged and arrives again.
    /// </param>
    /// <param name="cancellationToken">Ends the run, which then returns; also passed to the handler.</param>
    public async Task RunAsync(Func<ClassificationResult, CancellationToken, Task> handle, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(handle);
        for (var failures = 0; !cancellationToken.IsCancellationRequested; failures++)
        {
            try
            {
                if (_session is null)
                {
                    await Backoff.PauseAsync(failures, LongestPause, _options.Time, cancellationToken);
                    _session = await ResultSession.OpenAsync(_factory, _options, cancellationToken);
                    _options.Notice?.Invoke("connected to RabbitMQ again");
                }

                failures = 0;
                var reason = await _session.HandleAsync(handle, cancellationToken);
                _options.Notice?.Invoke(reason);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (RabbitConnectionException error)
            {
                _options.Notice?.Invoke(error.Message);
            }

            await DisposeAsync();
        }
    }

    /// <summary>Closes the connection; unacknowledged results return to a durable queue.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _session, null) is { } session)
        {
            await session.DisposeAsync();
        }
    }
}
