using PartsWorker.Faults.Schedule;

namespace PartsWorker.Faults.Runs;

/// <summary>
/// How long no row was stored, for each kind of fault: the longest time between two stored rows, of which the second came after the fault
/// had begun, until the first row after it has ended.
/// </summary>
internal sealed class StoringPauses
{
    private readonly Dictionary<ClusterFaultKind, (int Times, TimeSpan Longest)> _kinds = [];
    private readonly Lock _gate = new();
    private ClusterFaultKind? _current;
    private bool _isOver;
    private TimeSpan _lastRow;

    /// <summary>A fault begins. The pause of the one before it ends, whether or not a row has come.</summary>
    public void Begin(ClusterFaultKind kind, TimeSpan at)
    {
        lock (_gate)
        {
            Note(at);
            (_current, _isOver) = (kind, false);
            var (times, longest) = _kinds.GetValueOrDefault(kind);
            _kinds[kind] = (times + 1, longest);
        }
    }

    public void End()
    {
        lock (_gate)
        {
            _isOver = true;
        }
    }

    /// <summary>At least one row was stored since the last call, or none was waiting.</summary>
    public void Stored(TimeSpan at)
    {
        lock (_gate)
        {
            Note(at);
            _lastRow = at;
            _current = _isOver ? null : _current;
        }
    }

    /// <summary>Kinds in the order of their declaration.</summary>
    public IReadOnlyList<(ClusterFaultKind Kind, int Times, TimeSpan Longest)> Report()
    {
        lock (_gate)
        {
            return [.. _kinds.OrderBy(kind => kind.Key).Select(kind => (kind.Key, kind.Value.Times, kind.Value.Longest))];
        }
    }

    private void Note(TimeSpan at)
    {
        if (_current is { } kind && _kinds[kind] is var (times, longest) && at - _lastRow > longest)
        {
            _kinds[kind] = (times, at - _lastRow);
        }
    }
}
