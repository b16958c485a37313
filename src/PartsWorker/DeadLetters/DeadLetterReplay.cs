using PartsWorker.FailureRows;

namespace PartsWorker.DeadLetters;

/// <summary>Sends letters back in groups; after a kill, one group may be replayed twice, which adds no row.</summary>
/// <param name="send">Replays one letter.</param>
/// <param name="report">Receives each letter and why it was not replayed, or null.</param>
/// <param name="rows">Learns which letters were replayed; null when this only shows what would be.</param>
internal sealed class DeadLetterReplay(Func<DeadLetter, Task> send, Action<DeadLetter, string?> report, DeadLetterRows? rows)
{
    private const int GroupSize = 100;
    private readonly List<DeadLetter> _group = [];

    public int Replayed { get; private set; }

    /// <summary>Letters that could not be replayed and stay dead letters.</summary>
    public int Failed { get; private set; }

    public async Task AddAsync(DeadLetter letter)
    {
        _group.Add(letter);
        if (_group.Count == GroupSize)
        {
            await FlushAsync();
        }
    }

    /// <summary>Sends the last group.</summary>
    public async Task FlushAsync()
    {
        var sending = _group.Select(send).ToArray();
        await Task.WhenAll(sending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        List<FailureRow> replayed = [];
        foreach (var (letter, sent) in _group.Zip(sending))
        {
            if (sent.IsCompletedSuccessfully)
            {
                replayed.Add(DeadLetterRows.RowOf(letter, FailureStatus.Waiting));
            }

            (Replayed, Failed) = sent.IsCompletedSuccessfully ? (Replayed + 1, Failed) : (Replayed, Failed + 1);
            report(letter, sent.Exception?.InnerException?.Message);
        }

        _group.Clear();
        await (rows?.WriteAsync([.. replayed.DistinctBy(row => row.FailureId)], CancellationToken.None) ?? Task.CompletedTask);
    }
}
