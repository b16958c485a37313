namespace PartsWorker.Terminal;

/// <summary>What a progress bar says, as lines for a log: at most one every ten seconds. Silent on a terminal.</summary>
internal sealed class PlainProgress(long total, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private long _last = time.GetTimestamp();

    public void Show(long done)
    {
        if (Console.IsOutputRedirected && time.GetElapsedTime(_last) >= Interval)
        {
            _last = time.GetTimestamp();
            Console.WriteLine($"{done:N0} of {total:N0}");
        }
    }
}
