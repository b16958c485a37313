using Microsoft.Extensions.Logging;

namespace PartsWorker.Board.Live;

/// <summary>
/// Reads what the page Live shows once per interval for all people together, and only while somebody looks. It polls: NOTIFY would make
/// every commit of the workers take a lock that all of them share, and PgBouncer in transaction mode passes no LISTEN.
/// </summary>
internal sealed class LiveFeed(BoardDatabase database, BoardOptions options, TimeProvider time, ILogger<LiveFeed> log) : IAsyncDisposable
{
    private const int RecentImages = 24;

    // A camera that stored nothing for so long was taken away, or somebody tried a name.
    private static readonly TimeSpan ShownFor = TimeSpan.FromHours(12);
    private readonly LiveQueries _queries = new(database.Source);
    private readonly LiveMinutes _minutes = new();
    private readonly Dictionary<(string Line, string Camera), (LiveImage Image, DateTimeOffset SeenAt)> _last = [];
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stopping = new();
    private Task _loop = Task.CompletedTask;
    private readonly List<Func<Task>> _watchers = [];
    private DateTimeOffset? _readUntil;

    /// <summary>The newest state; null before the first look.</summary>
    public LiveSnapshot? Current { get; private set; }

    /// <summary>Why the newest look failed; null when it succeeded.</summary>
    public string? Problem { get; private set; }

    /// <summary>Looks until the returned handle is disposed, and reports after every look, also after a failed one.</summary>
    public IDisposable Watch(Func<Task> changed)
    {
        lock (_lock)
        {
            _watchers.Add(changed);
            if (_watchers.Count == 1)
            {
                _loop = _loop.ContinueWith(_ => LookAsync(_stopping.Token), TaskScheduler.Default).Unwrap();
            }
        }

        return new Watcher(() =>
        {
            lock (_lock)
            {
                _watchers.Remove(changed);
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
        while (Watchers() is { Length: > 0 } && !cancellationToken.IsCancellationRequested)
        {
            await LookOnceAsync(cancellationToken);
            await Task.WhenAll(Watchers().Select(NotifyAsync));
            await Task.Delay(options.LiveInterval, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private Func<Task>[] Watchers()
    {
        lock (_lock)
        {
            return [.. _watchers];
        }
    }

    private async Task LookOnceAsync(CancellationToken cancellationToken)
    {
        try
        {
            Current = await ReadAsync(cancellationToken);
            Problem = null;
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            if (Problem is null)
            {
                log.LiveFailed(error.Message);
            }

            Problem = BoardErrors.Explain(error)?.Line ?? "This page cannot be read; the log of the board names the reason.";
        }
    }

    private static async Task NotifyAsync(Func<Task> changed)
    {
        try
        {
            await changed();
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // The circuit of this person is gone; the others continue.
        }
    }

    private async Task<LiveSnapshot> ReadAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        // The hour once; afterwards the minute that is running and the one before it, whose last rows may have been committed late.
        var isFresh = _readUntil is { } until && now - until < TimeSpan.FromMinutes(1);
        var since = LiveMinutes.StartOf(now, isFresh ? 1 : LiveMinutes.Kept);
        _minutes.Replace(await _queries.MinutesAsync(since, cancellationToken), since, now);
        foreach (var image in await _queries.LastOfCamerasAsync(since, cancellationToken))
        {
            _last[(image.Line, image.Camera)] = (image, now);
        }

        foreach (var camera in _last.Where(camera => now - camera.Value.SeenAt > ShownFor).Select(camera => camera.Key).ToArray())
        {
            _last.Remove(camera);
        }

        _readUntil = now;
        var serving = await _queries.ServingAsync(cancellationToken);
        var (parts, unknown) = _minutes.Totals(now);
        return new LiveSnapshot(
            now, serving.Model, serving.Model is null ? null : serving.Since, serving.Shadow,
            await _queries.WorkersAsync(now.AddMinutes(-2), cancellationToken), Cameras(now), parts, unknown,
            await _queries.RecentAsync(RecentImages, cancellationToken));
    }

    private List<LiveCamera> Cameras(DateTimeOffset now) =>
    [
        .. _last.Values.Select(camera => camera.Image)
            .OrderBy(image => image.Line, StringComparer.Ordinal).ThenBy(image => image.Camera, StringComparer.Ordinal)
            .Select(image => Camera(image, _minutes.LastFull(image.Line, image.Camera, now))),
    ];

    private static LiveCamera Camera(LiveImage last, CameraMinute? minute) => minute is null or { Parts: 0 }
        ? new LiveCamera(last, 0, 0, 0, 0)
        : new LiveCamera(last, minute.Parts, (double)minute.Unknown / minute.Parts, (double)minute.Doubtful / minute.Parts, minute.Delay);

    private sealed class Watcher(Action end) : IDisposable
    {
        private Action? _end = end;

        public void Dispose() => Interlocked.Exchange(ref _end, null)?.Invoke();
    }
}
