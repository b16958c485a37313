namespace PartsWorker.Results;

/// <summary>
/// The rows to write, each key once and in key order. Twice the same key in one statement is an error to PostgreSQL,
/// and two workers that lock the same rows in different orders would deadlock. Used again for one batch after another.
/// </summary>
internal sealed class ResultBatch : IComparer<int>
{
    private readonly List<int> _starts = [];
    private ResultRow[] _rows = [];
    private int[] _order = [];
    private int _places;

    /// <summary>Rows with keys of their own.</summary>
    public int Count => _starts.Count;

    public ref readonly ResultRow this[int index] => ref _rows[_order[_starts[index]]];

    public void Fill(IReadOnlyList<ResultRow> rows)
    {
        _places = rows.Count;
        if (_places > _rows.Length)
        {
            (_rows, _order) = (new ResultRow[_places], new int[_places]);
        }

        for (var place = 0; place < _places; place++)
        {
            (_rows[place], _order[place]) = (rows[place], place);
        }

        Array.Sort(_order, 0, _places, this);
        for (var i = 0; i < _places; i++)
        {
            if (i == 0 || CompareKeys(_rows[_order[i - 1]], _rows[_order[i]]) != 0)
            {
                _starts.Add(i);
            }
        }
    }

    public void Clear()
    {
        _starts.Clear();
        Array.Clear(_rows, 0, _places);
    }

    /// <summary>Where the rows behind one key stood in the list they came in.</summary>
    public IReadOnlyList<int> PlacesOf(int index) => _order[_starts[index]..(index + 1 < _starts.Count ? _starts[index + 1] : _places)];

    // Of several rows with one key the first counts; one that is no shadow comes before its shadows, because it is the one that will be shown.
    int IComparer<int>.Compare(int x, int y)
    {
        ref readonly var a = ref _rows[x];
        ref readonly var b = ref _rows[y];
        var key = CompareKeys(a, b);
        var shadow = key != 0 ? key : a.Shadow.CompareTo(b.Shadow);
        return shadow != 0 ? shadow : x.CompareTo(y);
    }

    private static int CompareKeys(in ResultRow a, in ResultRow b)
    {
        var id = a.ImageId.CompareTo(b.ImageId);
        var time = id != 0 ? id : a.CapturedAt.CompareTo(b.CapturedAt);
        return time != 0 ? time : string.CompareOrdinal(a.ModelKey, b.ModelKey);
    }
}
