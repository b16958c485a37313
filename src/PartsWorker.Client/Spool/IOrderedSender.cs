namespace PartsWorker.Client;

/// <summary>Sends the references of a spool: to the broker, or to a list in tests.</summary>
internal interface IOrderedSender
{
    /// <summary>
    /// Sends the window in order. Returns how many of its first records the receiver has confirmed, and what stopped the rest; errors of
    /// the
    /// broker are returned, not thrown.
    /// </summary>
    Task<SendOutcome> SendAsync(IReadOnlyList<SpoolRecord> window, CancellationToken ct);
}

internal readonly record struct SendOutcome(int Taken, string? Problem);
