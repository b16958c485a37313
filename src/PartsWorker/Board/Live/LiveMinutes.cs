namespace PartsWorker.Board.Live;

/// <summary>The last hour by minute and camera; each look at the database replaces only the newest two minutes.</summary>
internal sealed class LiveMinutes
{
    public const int Kept = 60;
    private readonly Dictionary<(DateTimeOffset Minute, string Line, string Camera), CameraMinute> _minutes = [];

    /// <summary>The first minute that has to be read again; the start of the hour while nothing has been read.</summary>
    public static DateTimeOffset StartOf(DateTimeOffset now, int minutesBack) =>
        new DateTimeOffset(now.UtcTicks - (now.UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero).AddMinutes(-minutesBack);

    public void Replace(IEnumerable<CameraMinute> read, DateTimeOffset since, DateTimeOffset now)
    {
        var oldest = StartOf(now, Kept);
        foreach (var key in _minutes.Keys.Where(key => key.Minute >= since || key.Minute < oldest).ToArray())
        {
            _minutes.Remove(key);
        }

        foreach (var minute in read)
        {
            _minutes[(minute.Minute, minute.Line, minute.Camera)] = minute;
        }
    }

    /// <summary>Parts and share of unknown of the last 60 full minutes, oldest first.</summary>
    public (double[] Parts, double[] Unknown) Totals(DateTimeOffset now)
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
    public CameraMinute? LastFull(string line, string camera, DateTimeOffset now) =>
        _minutes.GetValueOrDefault((StartOf(now, 1), line, camera));
}
