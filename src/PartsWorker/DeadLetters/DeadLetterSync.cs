using PartsWorker.FailureRows;

namespace PartsWorker.DeadLetters;

/// <summary>
/// Compares the table <c>failures</c> with the dead letters of the broker: letters without a row get one (the broker dead-letters on its
/// own after too many deliveries, and a database may have been away), and rows without a letter are marked as removed.
/// </summary>
internal sealed class DeadLetterSync(FailureTable table)
{
    private const int GroupSize = 200;
    private readonly List<FailureRow> _group = [];
    private readonly HashSet<Guid> _present = [];
    private DateTimeOffset _begin;

    public int Written { get; private set; }

    public async Task BeginAsync(CancellationToken cancellation) => _begin = await table.NowAsync(cancellation);

    public async Task AddAsync(DeadLetter letter, CancellationToken cancellation)
    {
        var row = DeadLetterRows.RowOf(letter, FailureStatus.Dead);
        // The same message twice has one row; a batch may not write one row twice.
        if (_present.Add(row.FailureId))
        {
            _group.Add(row);
        }

        if (_group.Count == GroupSize)
        {
            await FlushAsync(cancellation);
        }
    }

    /// <param name="isComplete">Whether every letter was read; other readers hold letters, and their rows stay.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>Rows marked as removed.</returns>
    public async Task<int> EndAsync(bool isComplete, CancellationToken cancellation)
    {
        await FlushAsync(cancellation);
        return isComplete ? await table.RemoveOthersAsync(_present, _begin, cancellation) : 0;
    }

    private async Task FlushAsync(CancellationToken cancellation)
    {
        Written += await table.WriteAsync(_group, _begin, cancellation);
        _group.Clear();
    }
}
