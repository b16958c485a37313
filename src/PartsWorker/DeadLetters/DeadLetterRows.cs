using PartsWorker.Client;
using PartsWorker.FailureRows;
using PartsWorker.Failures;

namespace PartsWorker.DeadLetters;

/// <summary>
/// Writes to SQL what happens to dead letters. The broker's queue is the truth: a database that is away stops nothing, and one line names
/// the remedy.
/// </summary>
/// <param name="table">Null where no database is configured.</param>
/// <param name="notice">Receives that line, once.</param>
internal sealed class DeadLetterRows(FailureTable? table, Action<string> notice)
{
    private FailureTable? _table = table;
    private DateTimeOffset? _begin;

    /// <summary>To be called before the letters are read: a message that fails after that keeps its newer row.</summary>
    public async Task BeginAsync(CancellationToken cancellation)
    {
        if (_table is null)
        {
            notice("ConnectionStrings:Postgres is not set: the table failures does not learn of this (partsworker dead-letters sync)");
            return;
        }

        await TryAsync(async rows => _begin = await rows.NowAsync(cancellation));
    }

    /// <summary>Writes where the letters are now.</summary>
    public Task WriteAsync(IReadOnlyList<FailureRow> letters, CancellationToken cancellation) =>
        TryAsync(rows => rows.WriteAsync(letters, _begin, cancellation));

    /// <summary>The row of a letter; to be called while the letter has its body.</summary>
    public static FailureRow RowOf(DeadLetter letter, FailureStatus status)
    {
        var properties = letter.Properties;
        return FailureRow.Of(
            letter.Body, properties.ContentType, properties.MessageId, properties.Headers, letter.RoutingKey, letter.Lane, status) with
        {
            Reason = letter.Reason,
            Stage = letter.Stage,
            Error = letter.Error,
            Attempts = letter.Attempts,
            PublishedAt = MessageTimes.PublishedAt(properties),
            FirstSeenAt = letter.FirstSeen,
        };
    }

    private async Task TryAsync(Func<FailureTable, Task> write)
    {
        if (_table is null)
        {
            return;
        }

        try
        {
            await write(_table);
        }
        catch (PartFailureException error)
        {
            _table = null;
            notice($"{error.Message}; the table failures does not learn of this: run partsworker dead-letters sync later");
        }
    }
}
