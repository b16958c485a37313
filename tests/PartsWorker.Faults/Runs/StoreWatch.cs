using System.Diagnostics;
using PartsWorker.Faults.Audit;

namespace PartsWorker.Faults.Runs;

/// <summary>Counts the stored rows ten times a second for as long as it exists, also while a fault is being injected.</summary>
internal sealed class StoreWatch : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(8);
    private readonly FinalPlaces _places;
    private readonly Func<int> _published;
    private readonly CancellationTokenSource _stop = new();
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Task _counting;
    private volatile int _stored;
    private volatile int _limit;

    /// <param name="places">Where rows are counted.</param>
    /// <param name="published">The number of rows that must be stored at some time.</param>
    public StoreWatch(FinalPlaces places, Func<int> published)
    {
        (_places, _published) = (places, published);
        _counting = CountAsync();
    }

    public StoringPauses Pauses { get; } = new();

    public TimeSpan Elapsed => _clock.Elapsed;

    public int Stored => _stored;

    /// <summary>No more messages are published than make this number of rows.</summary>
    public int Limit
    {
        get => _limit;
        set => _limit = value;
    }

    /// <summary>Waits until this number of rows is stored.</summary>
    /// <exception cref="InvalidOperationException">No row was stored for eight minutes.</exception>
    public async Task UntilAsync(int rows, CancellationToken cancellationToken)
    {
        for (var (still, last) = (Stopwatch.StartNew(), _stored); _stored < rows;)
        {
            await Task.Delay(100, cancellationToken);
            if (_stored != last)
            {
                last = _stored;
                still.Restart();
            }
            else if (still.Elapsed > Patience)
            {
                throw new InvalidOperationException($"no row was stored for {Patience.TotalMinutes} minutes; {_stored} rows so far");
            }
        }
    }

    /// <summary>Waits until it is time for a message, and until the limit allows it.</summary>
    /// <param name="rows">Number of rows that the messages before it make.</param>
    /// <param name="perSecond">Messages per second.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task PaceAsync(int rows, double perSecond, CancellationToken cancellationToken)
    {
        if (TimeSpan.FromSeconds(rows / perSecond) - Elapsed is var early && early > TimeSpan.FromMilliseconds(10))
        {
            await Task.Delay(early, cancellationToken);
        }

        while (rows > Limit)
        {
            await Task.Delay(100, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _counting;
        _stop.Dispose();
    }

    private async Task CountAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            await Task.Delay(100, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var waiting = _published() - _stored;
            if (await _places.CountRowsAsync() is not { } rows)
            {
                continue;
            }

            // Fewer rows than before: the primary had some that no worker was told of, and the standby never received them.
            if (rows > _stored || waiting == 0)
            {
                Pauses.Stored(_clock.Elapsed);
            }

            _stored = rows;
        }
    }
}
