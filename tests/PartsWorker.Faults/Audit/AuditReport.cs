namespace PartsWorker.Faults.Audit;

/// <summary>Where the published messages ended.</summary>
/// <param name="Published">Messages that the broker has confirmed.</param>
/// <param name="Rows">Number of them stored as a row.</param>
/// <param name="Dead">Number of them in the dead letters.</param>
/// <param name="Lost">Number of them that are neither.</param>
/// <param name="Duplicates">Images with more than one row, and images that are both row and dead letter.</param>
/// <param name="Misplaced">Messages that ended in the wrong place: a good image dead, a bad one stored, or a wrong reason.</param>
/// <param name="RepeatedLetters">Further copies of the same dead letter, from workers killed before they acknowledged.</param>
/// <param name="StillQueued">Messages left in lanes and retry queues.</param>
internal sealed record AuditReport(
    int Published, int Rows, int Dead, int Lost, int Duplicates, IReadOnlyList<string> Misplaced, int RepeatedLetters, int StillQueued)
{
    /// <summary>The result events; null if the workers published none.</summary>
    public EventReport? Events { get; init; }

    public bool IsClean => Lost == 0 && Duplicates == 0 && Misplaced.Count == 0 && StillQueued == 0 && Events?.IsClean != false;
}
