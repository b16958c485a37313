using RabbitMQ.Client;

namespace PartsWorker.Client;

/// <summary>Holds the current session and opens the next one, one opener at a time, with jittered back-off between attempts.</summary>
/// <param name="options">How to connect.</param>
/// <param name="declare">Declares what the sessions publish to, if <see cref="PublisherOptions.Declare"/>.</param>
internal sealed class SessionKeeper(PublisherOptions options, Func<IChannel, CancellationToken, Task> declare) : IAsyncDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);
    private readonly ConnectionFactory _factory =
        RabbitConnections.Factory(options.ConnectionString, options.Connection, options.ClientName);
    private readonly SemaphoreSlim _opening = new(1, 1);
    private BrokerSession? _session;
    private int _failures;
    private long _lastAttempt;
    private TimeSpan _pause;

    public BrokerSession? Current => _session;

    /// <summary>The open session, or a new one. Waits out the back-off of earlier failures, then tries once.</summary>
    /// <exception cref="RabbitConnectionException">That one attempt failed.</exception>
    public async Task<BrokerSession> GetAsync(CancellationToken ct)
    {
        if (_session is { IsOpen: true } open)
        {
            return open;
        }

        await _opening.WaitAsync(ct);
        try
        {
            if (_session is { IsOpen: true } opened)
            {
                return opened;
            }

            return await OpenAsync(ct);
        }
        finally
        {
            _opening.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_session is { } session)
        {
            await session.DisposeAsync();
        }

        _opening.Dispose();
    }

    private async Task<BrokerSession> OpenAsync(CancellationToken ct)
    {
        if (_session is { } old)
        {
            _session = null;
            await old.DisposeAsync();
        }

        // Not by the time of day: when the clock is set back, the next attempt would wait as long as that.
        var wait = _pause - options.Time.GetElapsedTime(_lastAttempt);
        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, options.Time, ct);
        }

        _failures++;
        (_lastAttempt, _pause) = (options.Time.GetTimestamp(), Backoff.After(_failures, Longest));
        _session = await BrokerSession.OpenAsync(_factory, options, declare, ct);
        _failures = 0;
        return _session;
    }
}
