namespace PartsWorker.Client;

/// <summary>Which queue a reference waits in. Two queues, not priorities: live work is always taken first, on every broker version.</summary>
public enum Lane
{
    /// <summary>Images of the running shift.</summary>
    Live,

    /// <summary>Images classified again by a newer model; uses the capacity that live work leaves free.</summary>
    Reprocess,
}
