namespace PartsWorker.Terminal;

/// <summary>Progress as lines for redirected output, at most one every ten seconds; prints nothing on a terminal.</summary>
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
