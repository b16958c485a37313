namespace PartsWorker.Board.Layout;

/// <summary>Times as people read them.</summary>
internal static class Ages
{
    public static string Short(TimeSpan span) => span.TotalSeconds switch
    {
        < 0 => "0 s",
        < 1 => $"{span.TotalMilliseconds:0} ms",
        < 10 => $"{span.TotalSeconds:0.0} s",
        < 120 => $"{span.TotalSeconds:0} s",
        < 7200 => $"{span.TotalMinutes:0} min",
        < 172800 => $"{span.TotalHours:0} h",
        _ => $"{span.TotalDays:0} d",
    };

    public static string Ago(DateTimeOffset then, DateTimeOffset now) => $"{Short(now - then)} ago";
}
