namespace PartsWorker.Results;

/// <summary>
/// The rows to write, each key once and in key order. Twice the same key in one statement is an error to PostgreSQL,
/// and two workers that lock the same rows in different orders would deadlock.
/// </summary>
internal sealed class ResultBatch
{
    private readonly int[] _order;
    private readonly List<int> _starts;

    private ResultBatch(IReadOnlyList<ResultRow> rows)
    {
        _order = new int[rows.Count];
        for (var place = 0; place < _order.Length; place++)
        {
            _order[place] = place;
        }

        Array.Sort(_order, new ByKey(rows));
        _starts = new List<int>(rows.Count);
        Rows = new ResultRow[rows.Count];
        for (var i = 0; i < _order.Length; i++)
        {
            if (i == 0 || ByKey.CompareKeys(rows[_order[i - 1]], rows[_order[i]]) != 0)
            {
                Rows[_starts.Count] = rows[_order[i]];
                _starts.Add(i);
            }
        }

        Rows = Rows.Length == _starts.Count ? Rows : Rows[.._starts.Count];
    }

    public ResultRow[] Rows { get; }

    public static ResultBatch Of(IReadOnlyList<ResultRow> rows) => new(rows);

    /// <summary>Where the rows behind one key stood in the list they came in.</summary>
    public IReadOnlyList<int> PlacesOf(int index) =>
        _order[_starts[index]..(index + 1 < _starts.Count ? _starts[index + 1] : _order.Length)];

    // Of several rows with one key the first counts; one that is no shadow comes before its shadows, because it is the one that will be shown.
    private sealed class ByKey(IReadOnlyList<ResultRow> rows) : IComparer<int>
    {
        public static int CompareKeys(ResultRow a, ResultRow b)
        {
            var id = a.ImageId.CompareTo(b.ImageId);
            var time = id != 0 ? id : a.CapturedAt.CompareTo(b.CapturedAt);
            return time != 0 ? time : string.CompareOrdinal(a.ModelKey, b.ModelKey);
        }

        public int Compare(int x, int y)
        {
            var key = CompareKeys(rows[x], rows[y]);
            var shadow = key != 0 ? key : rows[x].Shadow.CompareTo(rows[y].Shadow);
            return shadow != 0 ? shadow : x.CompareTo(y);
        }
    }
}
