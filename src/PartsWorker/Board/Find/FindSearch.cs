namespace PartsWorker.Board.Find;

/// <summary>
/// One page of one filter, searched from the newest image backwards in slices of time. The first slice is an hour, and slices grow while
/// they are cheap: a filter that matches often fills the page from the first one, and a filter that matches almost nothing stops after
/// <see cref="Budget"/> and can be continued.
/// </summary>
internal sealed class FindSearch(FindFilter filter, TimeProvider time)
{
    public const int PageSize = 60;
    private const int Growth = 4;
    private const int Shrink = 16;

    /// <summary>How long one click may search.</summary>
    internal static readonly TimeSpan Budget = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan Cheap = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan Narrowest = TimeSpan.FromSeconds(1);

    private readonly DateTimeOffset _now = time.GetUtcNow();
    private readonly (DateTimeOffset? From, DateTimeOffset? To) _window = filter.Window(time.GetUtcNow());
    private readonly List<FoundImage> _images = [];
    private TimeSpan _width = TimeSpan.FromHours(1);
    private DateTimeOffset? _floor;

    /// <summary>Newest first.</summary>
    public IReadOnlyList<FoundImage> Images => _images;

    /// <summary>Everything from here on has been searched; null before the first slice.</summary>
    public DateTimeOffset? SearchedTo { get; private set; }

    /// <summary>The whole window has been searched.</summary>
    public bool IsComplete { get; private set; }

    public bool IsFull => _images.Count >= PageSize;

    /// <summary>The statement of the whole page, as text that can be run elsewhere.</summary>
    public string Sql
    {
        get
        {
            var (sql, values) = FindSql.Grid(filter, _window.From, _window.To, PageSize);
            return SqlStatement.Fill(sql, values);
        }
    }

    /// <summary>Searches until the page is full, the window has ended, or the time is used up.</summary>
    public async Task ContinueAsync(FindQueries queries, CancellationToken cancellationToken)
    {
        if (filter.ImageId is not null)
        {
            // The key finds it in every month; there is nothing to slice.
            _images.AddRange(await queries.ImagesAsync(FindSql.Grid(filter, _window.From, _window.To, PageSize), cancellationToken));
            IsComplete = true;
            return;
        }

        _floor ??= _window.From ?? await queries.OldestAsync(cancellationToken);
        IsComplete = _floor is null;
        await ContinueAsync(
            (from, to, limit, token) => queries.ImagesAsync(FindSql.Grid(filter, from, to, limit), token),
            _floor ?? DateTimeOffset.MinValue,
            cancellationToken);
    }

    internal async Task ContinueAsync(ReadSlice read, DateTimeOffset floor, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        using var timer = new CancellationTokenSource(Budget, time);
        using var budget = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        while (!IsComplete && !IsFull && time.GetElapsedTime(started) < Budget)
        {
            var to = SearchedTo ?? Start();
            var from = Later(floor, Before(to < _now ? to.Value : _now, _width));
            var slice = time.GetTimestamp();
            try
            {
                _images.AddRange(await read(from, to, PageSize - _images.Count, budget.Token));
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                _width = _width / Shrink < Narrowest ? Narrowest : _width / Shrink;
                return;
            }

            (SearchedTo, IsComplete) = (from, from <= floor);
            _width = !IsComplete && time.GetElapsedTime(slice) < Cheap ? _width * Growth : _width;
        }
    }

    // Rows of the future, from clocks that are wrong, belong to the first slice; a page that continues another starts at its last image.
    private DateTimeOffset? Start() =>
        filter.Before is { } key && !(key.CapturedAt > _window.To) ? key.CapturedAt.AddTicks(10) : _window.To;

    private static DateTimeOffset Before(DateTimeOffset time, TimeSpan width) =>
        time - DateTimeOffset.MinValue > width ? time - width : DateTimeOffset.MinValue;

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    internal delegate Task<List<FoundImage>> ReadSlice(
        DateTimeOffset from, DateTimeOffset? to, int limit, CancellationToken cancellationToken);
}
