using System.Globalization;

namespace PartsWorker.Harness.Processes;

/// <summary>Processor time of processes of this machine, as the kernel counts it: in steps of 10 ms.</summary>
internal static class ProcessTime
{
    // USER_HZ, which is 100 on every architecture that .NET runs on.
    private const double TicksPerSecond = 100;

    /// <summary>The process alone, with all its threads; zero if it does not exist.</summary>
    public static TimeSpan Of(int pid) => Read(pid) is { } own ? own.Used : TimeSpan.Zero;

    /// <summary>The process, its children, and those of its children that have ended.</summary>
    public static TimeSpan OfFamily(int pid)
    {
        var children = Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), out var id) ? Read(id) : null)
            .Where(entry => entry?.Parent == pid);
        return Read(pid) is { } own ? children.Aggregate(own.Used + own.Ended, (sum, child) => sum + child!.Used) : TimeSpan.Zero;
    }

    /// <summary>Everything that runs on this machine.</summary>
    public static TimeSpan OfMachine()
    {
        // cpu user nice system idle iowait irq softirq steal ...; user already contains the time of guests.
        var fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..8].Select(Number).ToArray();
        return TimeSpan.FromSeconds((fields.Sum() - fields[3] - fields[4]) / TicksPerSecond);
    }

    /// <returns>0 if the process does not exist.</returns>
    public static int ParentOf(int pid) => Read(pid)?.Parent ?? 0;

    /// <summary>The name of its program; null if it does not exist.</summary>
    public static string? NameOf(int pid)
    {
        var file = $"/proc/{pid}/comm";
        return File.Exists(file) ? File.ReadAllText(file).Trim() : null;
    }

    private static Entry? Read(int pid)
    {
        try
        {
            // The name is in parentheses and may contain spaces and parentheses.
            var text = File.ReadAllText($"/proc/{pid}/stat");
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return new((int)Number(fields[1]), Time(fields[11], fields[12]), Time(fields[13], fields[14]));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static TimeSpan Time(string user, string system) => TimeSpan.FromSeconds((Number(user) + Number(system)) / TicksPerSecond);

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private sealed record Entry(int Parent, TimeSpan Used, TimeSpan Ended);
}
