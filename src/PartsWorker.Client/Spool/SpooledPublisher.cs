using System.Threading.Channels;

namespace PartsWorker.Client;

/// <summary>
/// Store and forward: <see cref="PublishAsync"/> completes when the reference is on disk, and a background loop sends the
/// references in order. They survive a killed process and an outage of the broker. Sends at least once: the same imageId may arrive twice,
/// which changes nothing. The order per camera is kept, except when the broker refuses single references because its queue is full.
/// </summary>
public sealed class SpooledPublisher : IAsyncDisposable
{
    private const int Window = 256;
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly ReferenceSpool _spool;
    private readonly IOrderedSender _sender;
    private readonly TimeProvider _time;
    private readonly Action<string>? _notice;
    private readonly Channel<bool> _appended =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _closing = new();
    private readonly Task _draining;
    private TaskCompletionSource _progress = NewSignal();
    private volatile string? _problem;

    internal SpooledPublisher(SpoolOptions options, IOrderedSender sender, TimeProvider time)
    {
        (_sender, _time, _notice) = (sender, time, options.Notice);
        _spool = new ReferenceSpool(options, time);
        _draining = Task.Run(DrainAsync);
    }

    /// <summary>References on disk that the broker has not confirmed yet.</summary>
    public long Pending => _spool.Pending;

    /// <summary>Why references are not sent at the moment, in one line; null when they are.</summary>
    public string? Problem => _problem;

    /// <summary>Opens the spool and begins to send; the broker need not be reachable.</summary>
    /// <exception cref="SpoolException">The folder cannot be used, or another process uses it.</exception>
    /// <exception cref="RabbitConnectionException">The connection string is wrong.</exception>
    public static SpooledPublisher Open(SpoolOptions spool, PublisherOptions publisher)
    {
        ArgumentNullException.ThrowIfNull(spool);
        ArgumentNullException.ThrowIfNull(publisher);
        return new SpooledPublisher(spool, new PartsPublisher(publisher), publisher.Time);
    }

    /// <summary>Completes when the reference survives the process.</summary>
    /// <exception cref="PublishFailedException">The reference is wrong, or the spool is full; nothing was kept.</exception>
    public Task PublishAsync(ImageReference reference, Lane lane = Lane.Live, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reference);
        cancellationToken.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(_closing.IsCancellationRequested, this);
        try
        {
            // On the caller's thread: one write to a local file, and the order of the calls is the order on disk.
            _spool.Append(reference, lane);
            _appended.Writer.TryWrite(true);
            return Task.CompletedTask;
        }
        catch (PublishFailedException error)
        {
            return Task.FromException(error);
        }
    }

    /// <summary>Completes when the broker has confirmed everything that was on disk.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var progress = Volatile.Read(ref _progress);
            if (_spool.Pending == 0)
            {
                return;
            }

            await progress.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Stops sending; unconfirmed references stay on disk and are sent when the spool is opened again.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_closing.IsCancellationRequested)
        {
            return;
        }

        await _closing.CancelAsync();
        await _draining;
        if (_sender is IAsyncDisposable sender)
        {
            await sender.DisposeAsync();
        }

        _spool.Dispose();
    }

    private async Task DrainAsync()
    {
        for (var failures = 0; !_closing.IsCancellationRequested;)
        {
            try
            {
                failures = await SendWindowAsync() ? 0 : failures + 1;
            }
            catch (OperationCanceledException) when (_closing.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                // Only this loop empties the spool. The references are still on disk, so it tries again after any error.
                Report(error.Message);
                failures++;
            }

            if (failures > 0)
            {
                await Backoff.PauseAsync(failures, LongestPause, _time, _closing.Token);
            }
        }
    }

    private async Task<bool> SendWindowAsync()
    {
        var window = _spool.Peek(Window);
        if (window.Count == 0)
        {
            // After a repair nothing may be left to send, and a flush waits for progress.
            Interlocked.Exchange(ref _progress, NewSignal()).TrySetResult();
            await _appended.Reader.ReadAsync(_closing.Token);
            return true;
        }

        var outcome = await _sender.SendAsync(window, _closing.Token);
        if (outcome.Taken > 0)
        {
            _spool.Take(window[outcome.Taken - 1].End, outcome.Taken);
            Interlocked.Exchange(ref _progress, NewSignal()).TrySetResult();
        }

        Report(outcome.Problem);
        return outcome.Problem is null;
    }

    // Reports the start and the end of a problem, not every attempt.
    private void Report(string? problem)
    {
        var before = _problem;
        _problem = problem;
        if (problem is not null && before is null)
        {
            _notice?.Invoke($"{problem}; {_spool.Pending} references wait on disk");
        }
        else if (problem is null && before is not null)
        {
            _notice?.Invoke("sending again");
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
