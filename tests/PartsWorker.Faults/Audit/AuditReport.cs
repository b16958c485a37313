namespace PartsWorker.Faults.Audit;

/// <summary>Where the published messages ended.</summary>
/// <param name="Published">Messages that the broker has confirmed.</param>
/// <param name="Rows">Of them, stored as a row.</param>
/// <param name="Dead">Of them, in the dead letters.</param>
/// <param name="Lost">Of them, neither.</param>
/// <param name="Duplicates">Images with more than one row, and images that are both row and dead letter.</param>
/// <param name="Misplaced">Ended once, but wrongly: a good image as a dead letter, a bad one as a row, or with a wrong reason.</param>
/// <param name="RepeatedLetters">Further copies of the same dead letter: a worker was killed between writing it and acknowledging.</param>
/// <param name="StillQueued">Messages left in lanes and retry queues.</param>
internal sealed record AuditReport(
    int Published, int Rows, int Dead, int Lost, int Duplicates, IReadOnlyList<string> Misplaced, int RepeatedLetters, int StillQueued)
{
    public bool IsClean => Lost == 0 && Duplicates == 0 && Misplaced.Count == 0 && StillQueued == 0;
}
