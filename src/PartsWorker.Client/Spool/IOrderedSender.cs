namespace PartsWorker.Client;

/// <summary>What drains a spool: the broker in life, a list in tests.</summary>
internal interface IOrderedSender
{
    /// <summary>Sends the window in order; says how many of its first records are safely taken, and what stopped the rest. Never throws for the broker's sake.</summary>
    Task<SendOutcome> SendAsync(IReadOnlyList<SpoolRecord> window, CancellationToken ct);
}

internal readonly record struct SendOutcome(int Taken, string? Problem);
