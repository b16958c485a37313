namespace PartsWorker.DeadLetters;

/// <summary>The first letters for the table, and the number of letters per reason.</summary>
internal sealed class DeadLetterTally(int limit)
{
    private readonly List<DeadLetter> _first = [];
    private readonly HashSet<Guid> _images = [];
    private readonly SortedDictionary<string, int> _byReason = new(StringComparer.Ordinal);

    public IReadOnlyList<DeadLetter> First => _first;

    public IReadOnlyDictionary<string, int> ByReason => _byReason;

    public int Total { get; private set; }

    /// <summary>Different images among them; an image that was published again may have several letters.</summary>
    public int Images => _images.Count;

    public void Add(DeadLetter letter)
    {
        Total++;
        if (letter.ImageId is { } image)
        {
            _images.Add(image);
        }

        _byReason[letter.Reason] = _byReason.GetValueOrDefault(letter.Reason) + 1;
        if (_first.Count < limit)
        {
            _first.Add(letter);
        }
    }
}
