namespace PartsWorker.Board.Live;

/// <summary>The last hour by minute and camera; each look at the database replaces only the newest two minutes.</summary>
internal sealed class LiveMinutes
{
    public const int Kept = 60;
    private readonly Dictionary<(DateTime Minute, string Line, string Camera), CameraMinute> _minutes = [];

    /// <summary>The first minute that has to be read again; the start of the hour while nothing has been read.</summary>
    public static DateTime StartOf(DateTime now, int minutesBack) =>
        new DateTime(now.Year, now.Month, now.Day, now.Hour, now.Minute, 0, DateTimeKind.Utc).AddMinutes(-minutesBack);

    public void Replace(IEnumerable<CameraMinute> read, DateTime since, DateTime now)
    {
        var oldest = StartOf(now, Kept);
        foreach (var key in _minutes.Keys.Where(key => key.Minute >= since || key.Minute < oldest).ToArray())
        {
            _minutes.Remove(key);
        }

        foreach (var minute in read)
        {
            _minutes[(DateTime.SpecifyKind(minute.Minute, DateTimeKind.Utc), minute.Line, minute.Camera)] = minute;
        }
    }

    /// <summary>Parts and share of unknown of the last 60 full minutes, oldest first.</summary>
    public (double[] Parts, double[] Unknown) Totals(DateTime now)
    {
        var (parts, unknown) = (new double[Kept], new double[Kept]);
        var first = StartOf(now, Kept);
        foreach (var (key, minute) in _minutes)
        {
            if ((int)(key.Minute - first).TotalMinutes is var index and >= 0 and < Kept)
            {
                parts[index] += minute.Parts;
                unknown[index] += minute.Unknown;
            }
        }

        return (parts, [.. unknown.Select((count, index) => parts[index] > 0 ? count / parts[index] : 0)]);
    }

    /// <summary>The last full minute of a camera; null when it stored nothing then.</summary>
    public CameraMinute? LastFull(string line, string camera, DateTime now) => _minutes.GetValueOrDefault((StartOf(now, 1), line, camera));
}
