namespace PartsWorker.Intake;

/// <summary>
/// Acknowledges with few frames and never an unsettled tag: everything up to the lowest contiguous settled tag in one
/// <c>multiple</c> acknowledgement, each settled tag beyond it alone. Not thread-safe; tags count from 1 on each channel.
/// </summary>
internal sealed class AckWindow
{
    private readonly HashSet<ulong> _settledAhead = [];
    private readonly List<ulong> _pending = [];
    private ulong _next = 1;

    public bool HasPending => _pending.Count > 0;

    public void Settled(ulong tag)
    {
        if (tag >= _next && _settledAhead.Add(tag))
        {
            _pending.Add(tag);
        }
    }

    /// <summary>The acknowledgements to send now, in order; afterwards nothing is pending.</summary>
    public void Drain(List<(ulong Tag, bool Multiple)> acknowledgements)
    {
        while (_settledAhead.Remove(_next))
        {
            _next++;
        }

        // The broker requires the tag of a `multiple` to be outstanding, so it is the highest pending tag below the gap, not next - 1.
        ulong upTo = 0;
        foreach (var tag in _pending)
        {
            upTo = tag < _next && tag > upTo ? tag : upTo;
        }

        if (upTo > 0)
        {
            acknowledgements.Add((upTo, true));
        }

        foreach (var tag in _pending)
        {
            if (tag >= _next)
            {
                acknowledgements.Add((tag, false));
            }
        }

        _pending.Clear();
    }
}
