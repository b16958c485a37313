namespace PartsWorker.Publishing;

/// <summary>A file that is not published yet: it may still be written, or a problem keeps it.</summary>
internal sealed class PendingFile(string root)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    public string Root => root;

    public FileVersion Version { get; private set; }

    /// <summary>Timestamp at which this version was first seen.</summary>
    public long Since { get; private set; }

    /// <summary>Timestamp of the next attempt.</summary>
    public long Due { get; private set; }

    private int Failures { get; set; }

    public void Restart(FileVersion version, TimeSpan settle, TimeProvider time)
    {
        (Version, Since, Failures) = (version, time.GetTimestamp(), 0);
        Wait(settle, time);
    }

    public void Wait(TimeSpan pause, TimeProvider time) =>
        Due = time.GetTimestamp() + (long)(pause.TotalSeconds * time.TimestampFrequency);

    /// <summary>Waits longer after each failure: people repair permissions and disks.</summary>
    public void Postpone(TimeProvider time)
    {
        Failures = Math.Min(Failures + 1, 9);
        Wait(TimeSpan.FromSeconds(1 << Failures) is var pause && pause < LongestPause ? pause : LongestPause, time);
    }

    public void PostponeLong(TimeProvider time) => Wait(LongestPause, time);
}
