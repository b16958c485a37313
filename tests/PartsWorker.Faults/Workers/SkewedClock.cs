namespace PartsWorker.Faults.Workers;

/// <summary>Gives a process another wall clock, by libfaketime (Debian package <c>libfaketime</c>). Timers keep their pace.</summary>
internal static class SkewedClock
{
    private const string Library = "libfaketimeMT.so.1";

    private static readonly string? Path = Directory.Exists("/usr/lib")
        ? Directory.EnumerateFiles("/usr/lib", Library, new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 2 })
            .FirstOrDefault()
        : null;

    public static bool IsAvailable => Path is not null;

    public static IEnumerable<(string Name, string Value)> Settings(TimeSpan skew) => skew == TimeSpan.Zero || Path is null
        ? []
        : [("LD_PRELOAD", Path), ("FAKETIME", $"{skew.TotalSeconds:+0;-0}s"), ("FAKETIME_DONT_FAKE_MONOTONIC", "1")];
}
