namespace PartsWorker.Client;

/// <summary>
/// Publishes references over its own connection: persistent, mandatory, confirmed, and bounded in number.
/// Safe for concurrent callers; references are in order only where each call is awaited before the next
/// (or use <see cref="SpooledPublisher"/>, which keeps the order over broken connections).
/// </summary>
public sealed class PartsPublisher : IOrderedSender, IAsyncDisposable
{
    private readonly PublisherOptions _options;
    private readonly SessionKeeper _sessions;
    private readonly SemaphoreSlim _outstanding;
    private readonly CancellationTokenSource _closing = new();

    internal PartsPublisher(PublisherOptions options)
    {
        options.Validate();
        _options = options;
        _sessions = new SessionKeeper(options, new PartsTopology(options.Prefix).DeclareAsync);
        _outstanding = new SemaphoreSlim(options.MaxOutstanding, options.MaxOutstanding);
    }

    /// <summary>Why the broker currently blocks publishers (a disk or memory alarm), or null.</summary>
    public string? Blocked => _sessions.Current?.Blocked;

    /// <summary>Connects once and declares the topology.</summary>
    /// <exception cref="RabbitConnectionException">Settings wrong, or broker not reachable; one line.</exception>
    public static async Task<PartsPublisher> ConnectAsync(PublisherOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var publisher = new PartsPublisher(options);
        try
        {
            await publisher._sessions.GetAsync(cancellationToken);
            return publisher;
        }
        catch
        {
            await publisher.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Completes when a quorum of the broker has the reference on disk. Waits while <see cref="PublisherOptions.MaxOutstanding"/>
    /// references are unconfirmed.
    /// </summary>
    /// <exception cref="PublishFailedException">
    /// The reference is wrong, or it was returned, refused, or not confirmed within <see cref="PublisherOptions.GiveUpAfter"/>.
    /// </exception>
    // Async also for a wrong reference: a caller with many references in flight finds its error where it awaits this one.
    public async Task PublishAsync(ImageReference reference, Lane lane = Lane.Live, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reference);
        await PublishAsync(Outgoing.From(reference, lane, _options.Format), cancellationToken);
    }

    /// <summary>The same on the lane <see cref="Lane.Reprocess"/>, to be classified by one particular model, whichever is active.</summary>
    /// <param name="reference">The image.</param>
    /// <param name="model">Model key, <c>name@version</c>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="PublishFailedException">As for <see cref="PublishAsync(ImageReference, Lane, CancellationToken)"/>.</exception>
    public async Task PublishForModelAsync(ImageReference reference, string model, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reference);
        await PublishAsync(Outgoing.From(reference, Lane.Reprocess, _options.Format) with { Model = model }, cancellationToken);
    }

    /// <summary>Closes the connection; unconfirmed references fail.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_closing.IsCancellationRequested)
        {
            await _closing.CancelAsync();
            await _sessions.DisposeAsync();
        }
    }

    async Task<SendOutcome> IOrderedSender.SendAsync(IReadOnlyList<SpoolRecord> window, CancellationToken ct)
    {
        BrokerSession session;
        try
        {
            session = await _sessions.GetAsync(ct);
        }
        catch (RabbitConnectionException error)
        {
            return new SendOutcome(0, error.Message);
        }

        // All over one session and in order, so that the confirmed references are a prefix even if the connection breaks.
        var sending = window.Select(r => session.PublishAsync(Outgoing.From(r.Reference, r.Lane, _options.Format))).ToArray();
        for (var i = 0; i < sending.Length; i++)
        {
            try
            {
                await sending[i];
            }
            catch (Exception error) when (error is SessionLostException or PublishFailedException)
            {
                await Task.WhenAll(sending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return new SendOutcome(i, error.Message);
            }
        }

        return new SendOutcome(sending.Length, Problem: null);
    }

    private async Task PublishAsync(Outgoing outgoing, CancellationToken cancellationToken)
    {
        await _outstanding.WaitAsync(cancellationToken);
        var sending = SendAsync(outgoing);

        // The slot is released when the broker has answered, not when the caller stops waiting.
        _ = sending.ContinueWith(
            _ => _outstanding.Release(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        await sending.WaitAsync(cancellationToken);
    }

    private async Task SendAsync(Outgoing outgoing)
    {
        using var patience = new CancellationTokenSource(_options.GiveUpAfter, _options.Time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, _closing.Token);
        Exception last = new TimeoutException("no connection to RabbitMQ");
        do
        {
            try
            {
                var session = await _sessions.GetAsync(limit.Token);
                await session.PublishAsync(outgoing);
                return;
            }
            catch (Exception error) when (error is SessionLostException or RabbitConnectionException { IsSettings: false })
            {
                last = error;
            }
            catch (OperationCanceledException) when (limit.IsCancellationRequested)
            {
                break;
            }
        }
        while (!limit.IsCancellationRequested);

        var problem = _closing.IsCancellationRequested ? "the publisher is closed" : last.Message;
        throw new PublishFailedException(outgoing.ImageId, problem, inner: last);
    }
}
