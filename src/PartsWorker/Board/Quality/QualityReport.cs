namespace PartsWorker.Board.Quality;

/// <summary>What the page shows of one filter; it fills up while the days are read.</summary>
public sealed class QualityReport(QualityFilter filter)
{
    private readonly Dictionary<DateOnly, QualityDay> _days = [];
    private readonly Dictionary<DateOnly, ReviewedDay> _reviewed = [];
    private readonly List<CameraDrift> _drift = [];

    public QualityFilter Filter => filter;

    /// <summary>Every day of the window, oldest first.</summary>
    public IReadOnlyList<DateOnly> Dates { get; } = [.. filter.NewestFirst.Reverse()];

    /// <summary>As <see cref="Dates"/>; null for a day that has not been read yet.</summary>
    public IReadOnlyList<QualityDay?> Days => [.. Dates.Select(day => _days.GetValueOrDefault(day))];

    /// <summary>As <see cref="Dates"/>; null for a day without reviews.</summary>
    public IReadOnlyList<ReviewedDay?> ReviewedDays => [.. Dates.Select(day => _reviewed.GetValueOrDefault(day))];

    public IReadOnlyList<(string Name, double[] Shares)> Mix =>
        ClassMix.Of([.. Dates.Select(day => _days.GetValueOrDefault(day) ?? new QualityDay(day, []))]);

    public ConfusionMatrix Confusion { get; private set; } = new([]);

    /// <summary>By line and camera or, of one camera, newest day first.</summary>
    public IReadOnlyList<CameraDrift> Drift => _drift;

    public long Parts => _days.Values.Sum(day => day.Parts);

    public double? UnknownShare => Parts > 0 ? (double)_days.Values.Sum(day => day.Unknown) / Parts : null;

    public double? MeanConfidence =>
        Parts > 0 ? _days.Values.Sum(day => day.Classes.Sum(row => row.Confidence)) / Parts : null;

    public long Reviewed => _reviewed.Values.Sum(day => day.Reviewed);

    public double? Accuracy => Reviewed > 0 ? (double)Correct / Reviewed : null;

    public string AccuracyNote
    {
        get
        {
            var (low, high) = Wilson.Interval(Correct, Reviewed);
            return $"95 % interval {low:P1} to {high:P1}. "
                + "People review mostly images in doubt, so this is lower than the accuracy over all parts.";
        }
    }

    private long Correct => _reviewed.Values.Sum(day => day.Correct);

    public void Set(IEnumerable<ReviewedDay> reviewed, IReadOnlyList<ConfusionPair> pairs)
    {
        _reviewed.Clear();
        foreach (var day in reviewed)
        {
            _reviewed[day.Day] = day;
        }

        Confusion = new(pairs);
    }

    public void Set(QualityDay day) => _days[day.Day] = day;

    /// <summary>Replaces what was read of this day, because a read may be repeated.</summary>
    public void Add(IEnumerable<CameraDrift> rows, DateOnly day)
    {
        _drift.RemoveAll(row => row.Day == day);
        _drift.AddRange(rows);
    }
}
