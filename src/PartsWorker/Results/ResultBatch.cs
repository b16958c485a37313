namespace PartsWorker.Results;

/// <summary>
/// The rows to write, each key once and in key order. Twice the same key in one statement is an error to PostgreSQL,
/// and two workers that lock the same rows in different orders would deadlock.
/// </summary>
internal sealed class ResultBatch
{
    private readonly IReadOnlyList<int>[] _places;

    private ResultBatch(ResultRow[] rows, IReadOnlyList<int>[] places) => (Rows, _places) = (rows, places);

    public IReadOnlyList<ResultRow> Rows { get; }

    public static ResultBatch Of(IReadOnlyList<ResultRow> rows)
    {
        var groups = rows.Select((row, place) => (Row: row, Place: place))
            .GroupBy(item => (item.Row.ImageId, item.Row.CapturedAt, item.Row.ModelKey))
            .OrderBy(group => group.Key.ImageId).ThenBy(group => group.Key.CapturedAt).ThenBy(group => group.Key.ModelKey, StringComparer.Ordinal)
            .ToArray();

        // Of several rows with one key the one that is not a shadow counts: it is the one that will be shown.
        return new(
            groups.Select(group => group.OrderBy(item => item.Row.Shadow).First().Row).ToArray(),
            groups.Select(group => (IReadOnlyList<int>)group.Select(item => item.Place).ToArray()).ToArray());
    }

    /// <summary>Where the rows behind one key stood in the list they came in.</summary>
    public IReadOnlyList<int> PlacesOf(int index) => _places[index];
}
