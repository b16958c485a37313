using System.Diagnostics;
using System.Globalization;

namespace PartsWorker.Benching;

/// <summary>What the kernel says of a process; asked from outside, so that the answer costs the measured one nothing.</summary>
internal static class ProcessFacts
{
    public static BenchMark AddTo(BenchMark mark, int process)
    {
        var status = File.ReadAllLines($"/proc/{process}/status");
        return mark with
        {
            ResidentMb = Number(status, "VmRSS:") / 1024,
            PeakMb = Number(status, "VmHWM:") / 1024,
            Threads = (int)Number(status, "Threads:"),
            Handles = Directory.GetFiles($"/proc/{process}/fd").Length,
        };
    }

    /// <summary>Processor time of another process, in milliseconds.</summary>
    public static double CpuMs(Process process)
    {
        process.Refresh();
        return process.TotalProcessorTime.TotalMilliseconds;
    }

    private static double Number(string[] lines, string name)
    {
        var line = Array.Find(lines, text => text.StartsWith(name, StringComparison.Ordinal));
        return line is null ? 0 : double.Parse(line[name.Length..].Trim().Split(' ')[0], CultureInfo.InvariantCulture);
    }
}
