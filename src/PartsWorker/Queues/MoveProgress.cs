namespace PartsWorker.Queues;

/// <summary>Prints how many messages were moved, at most once per second.</summary>
internal sealed class MoveProgress(TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private long _moved;
    private long _last = time.GetTimestamp();

    public void Add(long count)
    {
        _moved += count;
        if (time.GetElapsedTime(_last) >= Interval)
        {
            _last = time.GetTimestamp();
            Console.WriteLine($"  {_moved:N0} messages moved");
        }
    }
}
