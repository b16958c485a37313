using Microsoft.Extensions.Logging;
using PartsWorker.Board.SignIn;
using PartsWorker.Client;
using PartsWorker.DeadLetters;
using PartsWorker.FailureRows;

namespace PartsWorker.Board.DeadLetters;

/// <summary>
/// The dead letters as they were at the last reading, one reading for all people: a reader holds the letters for as long as it reads, and
/// another would see the queue empty.
/// </summary>
internal sealed class LetterShelf(BoardBroker broker, TimeProvider time, ILogger<LetterShelf> log) : IDisposable
{
    /// <summary>Letters that are read and kept at most, oldest first.</summary>
    public const int MaxListed = 5_000;

    private static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(5);
    private readonly SemaphoreSlim _reading = new(1);
    private volatile LetterList? _list;

    /// <returns>The letters, at most some seconds old.</returns>
    /// <exception cref="UserErrorException">The broker is not configured or away.</exception>
    public async Task<LetterList> ListAsync(CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken);
        try
        {
            return _list is { IsComplete: true } list && time.GetUtcNow() - list.ReadAt < FreshFor
                ? list : _list = await WithQueueAsync(queue => ReadAsync(queue, cancellationToken), cancellationToken);
        }
        finally
        {
            _reading.Release();
        }
    }

    /// <returns>The letter of the last reading, or null.</returns>
    public ListedLetter? Find(string key) => _list?.Letters.FirstOrDefault(letter => letter.Key == key);

    /// <summary>Sends the selected letters back to their lanes.</summary>
    /// <exception cref="UserErrorException">The person is not an operator, or the broker is not configured or away.</exception>
    /// <exception cref="Npgsql.PostgresException">PostgreSQL knows that the person is not an operator.</exception>
    public async Task<ReplayResult> ReplayAsync(BoardSession person, Func<ListedLetter, bool> selects, CancellationToken cancellationToken)
    {
        // The broker does not know the person; the database does.
        await Operators.RequireAsync(person, cancellationToken);
        await _reading.WaitAsync(cancellationToken);
        try
        {
            var rows = new DeadLetterRows(new FailureTable(person.Database, broker.Require().Prefix, time), log.NotRecorded);
            await rows.BeginAsync(cancellationToken);
            var result = await WithQueueAsync(queue => ReplayAsync(queue, selects, rows, cancellationToken), cancellationToken);
            log.Replayed(person.Login, result.Replayed, result.Failed);
            return result;
        }
        finally
        {
            _list = null;
            _reading.Release();
        }
    }

    public void Dispose() => _reading.Dispose();

    private async Task<LetterList> ReadAsync(DeadLetterQueue queue, CancellationToken cancellationToken)
    {
        List<ListedLetter> letters = [];
        Dictionary<string, int> seen = [];
        var count = await queue.CountAsync(cancellationToken);
        await foreach (var letter in queue.ReadAsync(Math.Min(count.Letters, MaxListed), cancellationToken))
        {
            letters.Add(ListedLetter.Of(letter, seen));
        }

        return new LetterList(letters, count.Letters, count.HasOtherReaders, time.GetUtcNow());
    }

    private static async Task<ReplayResult> ReplayAsync(
        DeadLetterQueue queue, Func<ListedLetter, bool> selects, DeadLetterRows rows, CancellationToken cancellationToken)
    {
        string? firstError = null;
        Dictionary<string, int> seen = [];
        var replay = new DeadLetterReplay(queue.ReplayAsync, (_, error) => firstError ??= error, rows);
        var count = await queue.CountAsync(cancellationToken);
        await foreach (var letter in queue.ReadAsync(count.Letters, cancellationToken))
        {
            if (selects(ListedLetter.Of(letter, seen)))
            {
                await replay.AddAsync(letter);
            }
        }

        await replay.FlushAsync();
        return new ReplayResult(replay.Replayed, replay.Failed, firstError);
    }

    private async Task<T> WithQueueAsync<T>(Func<DeadLetterQueue, Task<T>> work, CancellationToken cancellationToken)
    {
        var rabbit = broker.Require();
        try
        {
            var factory = RabbitConnections.Factory(rabbit.ConnectionString, rabbit.Connection, "partsworker board");
            await using var queue = await DeadLetterQueue.OpenAsync(
                factory, new PartsTopology(rabbit.Prefix), rabbit.Declare, cancellationToken);
            return await work(queue);
        }
        catch (RabbitConnectionException error)
        {
            throw new UserErrorException($"{error.Message}.", inner: error);
        }
        catch (Exception error) when (DeadLetterQueue.IsLost(error, cancellationToken))
        {
            throw new UserErrorException("The connection to the message broker was lost. No dead letter is lost.", inner: error);
        }
    }
}

/// <param name="Letters">The oldest letters.</param>
/// <param name="Total">Letters in the queue; more than those listed when there are very many.</param>
/// <param name="HasOtherReaders">Whether another process held letters, which are not counted.</param>
/// <param name="ReadAt">When the queue was read.</param>
internal sealed record LetterList(IReadOnlyList<ListedLetter> Letters, long Total, bool HasOtherReaders, DateTimeOffset ReadAt)
{
    /// <summary>False if another reader held or took letters.</summary>
    public bool IsComplete => !HasOtherReaders && Letters.Count >= Math.Min(Total, LetterShelf.MaxListed);
}

/// <param name="Replayed">Letters sent back.</param>
/// <param name="Failed">Letters that stay.</param>
/// <param name="FirstError">Why the first of those stays.</param>
internal sealed record ReplayResult(int Replayed, int Failed, string? FirstError);
