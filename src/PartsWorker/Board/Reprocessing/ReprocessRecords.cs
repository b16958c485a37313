namespace PartsWorker.Board.Reprocessing;

/// <summary>A row of <c>reprocess_runs</c>.</summary>
/// <param name="Id">Number of the run.</param>
/// <param name="Model">Model that classifies.</param>
/// <param name="From">Start of the time window.</param>
/// <param name="To">End of the time window, not included.</param>
/// <param name="FilterJson">The other conditions.</param>
/// <param name="Status"><c>publishing</c>, <c>published</c>, <c>done</c> or <c>incomplete</c>.</param>
/// <param name="Selected">Images at the start.</param>
/// <param name="Published">References confirmed by the broker.</param>
/// <param name="Classified">Images with their row when last counted.</param>
/// <param name="StartedAt">When the run started.</param>
/// <param name="ProgressAt">When a count last changed.</param>
/// <param name="FinishedAt">When it ended.</param>
/// <param name="StartedBy">Database user.</param>
/// <param name="IsInProgress">Whether a process holds its lock.</param>
public sealed record RunRow(
    long Id, string Model, DateTimeOffset From, DateTimeOffset To, string FilterJson, string Status, long Selected, long Published,
    long Classified, DateTimeOffset StartedAt, DateTimeOffset ProgressAt, DateTimeOffset? FinishedAt, string StartedBy, bool IsInProgress)
{
    /// <summary>Whether nobody continues it although not everything was published.</summary>
    public bool IsStopped => Status == "publishing" && !IsInProgress;

    /// <summary>The state in the words of the page.</summary>
    public string State => IsStopped ? "stopped" : Status == "published" && !IsInProgress ? "published, left to the workers" : Status;
}

/// <summary>A run as <c>reprocess_progress</c> counts it at this moment.</summary>
public sealed record RunCount(string Status, long Published, long Classified, long Left);
