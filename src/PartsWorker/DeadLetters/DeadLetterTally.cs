namespace PartsWorker.DeadLetters;

/// <summary>The first letters for the table, and the number of letters per reason.</summary>
internal sealed class DeadLetterTally(int limit)
{
    private readonly List<DeadLetter> _first = [];
    private readonly SortedDictionary<string, int> _byReason = new(StringComparer.Ordinal);

    public IReadOnlyList<DeadLetter> First => _first;

    public IReadOnlyDictionary<string, int> ByReason => _byReason;

    public int Total { get; private set; }

    public void Add(DeadLetter letter)
    {
        Total++;
        _byReason[letter.Reason] = _byReason.GetValueOrDefault(letter.Reason) + 1;
        if (_first.Count < limit)
        {
            _first.Add(letter);
        }
    }
}
