namespace PartsWorker.Board.Quality;

/// <summary>Reviews against answers: the most frequent mistakes, and a matrix of the classes that take part in them.</summary>
public sealed class ConfusionMatrix
{
    public const int MostMistakes = 20;
    private const int MostClasses = 12;
    private readonly Dictionary<(string? Answered, string? Reviewed), long> _cells;

    /// <param name="pairs">All pairs of the window, most frequent first, each once.</param>
    public ConfusionMatrix(IReadOnlyList<ConfusionPair> pairs)
    {
        _cells = pairs.ToDictionary(pair => (pair.Answered, pair.Reviewed), pair => pair.Images);
        var mistakes = pairs.Where(pair => !pair.IsCorrect).ToArray();
        Mistakes = mistakes.Take(MostMistakes).ToArray();
        OtherMistakes = mistakes.Skip(MostMistakes).Sum(pair => pair.Images);
        var names = new List<string?>();
        foreach (var name in mistakes.SelectMany(pair => new[] { pair.Answered, pair.Reviewed }))
        {
            if (names.Count < MostClasses && !names.Contains(name))
            {
                names.Add(name);
            }
        }

        // Unknown has its own row and column at the end.
        Classes = [.. names.Where(name => name is not null).Order(StringComparer.Ordinal), .. names.Where(name => name is null)];
    }

    /// <summary>At most <see cref="MostMistakes"/>, most frequent first.</summary>
    public IReadOnlyList<ConfusionPair> Mistakes { get; }

    /// <summary>Images of the mistakes that <see cref="Mistakes"/> leaves out.</summary>
    public long OtherMistakes { get; }

    /// <summary>Classes of the most frequent mistakes; null is unknown or none of the known classes.</summary>
    public IReadOnlyList<string?> Classes { get; }

    public long Cell(string? answered, string? reviewed) => _cells.GetValueOrDefault((answered, reviewed));
}
