namespace PartsWorker.Board.Review;

/// <summary>Counts the decisions of one person since the page was opened.</summary>
internal sealed class SessionPace(TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();

    public int Done { get; private set; }

    /// <summary>Decisions per minute since the page was opened.</summary>
    public double PerMinute => Done / Math.Max(time.GetElapsedTime(_start).TotalMinutes, 1.0 / 60);

    public void Add(int decisions) => Done += decisions;
}
