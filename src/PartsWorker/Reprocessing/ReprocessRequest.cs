namespace PartsWorker.Reprocessing;

/// <summary>What to classify again: a time window, further conditions, and the model.</summary>
/// <param name="Model">Key of the model that classifies.</param>
/// <param name="From">Start of the time window.</param>
/// <param name="To">End of the time window, not included.</param>
/// <param name="Filter">The other conditions.</param>
internal sealed record ReprocessRequest(string Model, DateTimeOffset From, DateTimeOffset To, ReprocessFilter Filter)
{
    /// <summary>
    /// After this time without a new row a published run is given up, and its images are published again by a new run. Null for a caller
    /// that waits: it continues the run, and gives up by itself.
    /// </summary>
    public TimeSpan? GiveUpAfter { get; init; }
}
