using Microsoft.Extensions.Logging;
using Npgsql;

namespace PartsWorker.Board.Live;

/// <summary>
/// Reads what the page Live shows once per interval for all people together, and only while somebody looks. It polls: NOTIFY would make
/// every commit of the workers take a lock that all of them share, and PgBouncer in transaction mode passes no LISTEN.
/// </summary>
internal sealed class LiveFeed(BoardDatabase database, BoardOptions options, TimeProvider time, ILogger<LiveFeed> log) : IAsyncDisposable
{
    private const int RecentImages = 24;
    private readonly LiveQueries _queries = new(database.Source);
    private readonly LiveMinutes _minutes = new();
    private readonly Dictionary<(string Line, string Camera), LiveImage> _last = [];
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stopping = new();
    private int _watchers;
    private Task _loop = Task.CompletedTask;
    private DateTime? _readUntil;

    /// <summary>Raised after every look, also after a failed one.</summary>
    public event Func<Task>? Changed;

    /// <summary>The newest state; null before the first look.</summary>
    public LiveSnapshot? Current { get; private set; }

    /// <summary>Why the newest look failed; null when it succeeded.</summary>
    public string? Problem { get; private set; }

    /// <summary>Starts looking, until the returned handle is disposed.</summary>
    public IDisposable Watch(Func<Task> changed)
    {
        lock (_lock)
        {
            Changed += changed;
            if (++_watchers == 1)
            {
                _loop = _loop.ContinueWith(_ => LookAsync(_stopping.Token), TaskScheduler.Default).Unwrap();
            }
        }

        return new Watcher(() =>
        {
            lock (_lock)
            {
                Changed -= changed;
                _watchers--;
            }
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        while (Volatile.Read(ref _watchers) > 0 && !cancellationToken.IsCancellationRequested)
        {
            await LookOnceAsync(cancellationToken);
            if (Changed is { } changed)
            {
                await Task.WhenAll(changed.GetInvocationList().Cast<Func<Task>>().Select(notify => notify()));
            }

            await Task.Delay(options.LiveInterval, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task LookOnceAsync(CancellationToken cancellationToken)
    {
        try
        {
            Current = await ReadAsync(cancellationToken);
            Problem = null;
        }
        catch (Exception error) when (error is NpgsqlException or TimeoutException)
        {
            if (Problem is null)
            {
                log.DatabaseAway(error.Message);
            }

            Problem = BoardErrors.Explain(error)?.Line;
        }
    }

    private async Task<LiveSnapshot> ReadAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        // The hour once; afterwards the minute that is running and the one before it, whose last rows may have been committed late.
        var isFresh = _readUntil is { } until && now.UtcDateTime - until < TimeSpan.FromMinutes(1);
        var since = LiveMinutes.StartOf(now.UtcDateTime, isFresh ? 1 : LiveMinutes.Kept);
        _minutes.Replace(await _queries.MinutesAsync(since, cancellationToken), since, now.UtcDateTime);
        foreach (var image in await _queries.LastOfCamerasAsync(since, cancellationToken))
        {
            _last[(image.Line, image.Camera)] = image;
        }

        _readUntil = now.UtcDateTime;
        var serving = await _queries.ServingAsync(cancellationToken);
        var (parts, unknown) = _minutes.Totals(now.UtcDateTime);
        return new LiveSnapshot(
            now, serving.Model, serving.Model is null ? null : serving.Since, serving.Shadow,
            await _queries.WorkersAsync(now.AddMinutes(-2), cancellationToken), Cameras(now.UtcDateTime), parts, unknown,
            await _queries.RecentAsync(RecentImages, cancellationToken));
    }

    private List<LiveCamera> Cameras(DateTime now) =>
    [
        .. _last.Values.OrderBy(image => image.Line, StringComparer.Ordinal).ThenBy(image => image.Camera, StringComparer.Ordinal).Select(image =>
        {
            var minute = _minutes.LastFull(image.Line, image.Camera, now);
            var parts = (double)(minute?.Parts ?? 0);
            return new LiveCamera(
                image, minute?.Parts ?? 0, parts > 0 ? minute!.Unknown / parts : 0, parts > 0 ? minute!.Doubtful / parts : 0, minute?.Delay ?? 0);
        }),
    ];

    private sealed class Watcher(Action end) : IDisposable
    {
        private Action? _end = end;

        public void Dispose() => Interlocked.Exchange(ref _end, null)?.Invoke();
    }
}
