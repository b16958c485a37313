using System.Globalization;

namespace PartsWorker.Harness.Processes;

/// <summary>
/// What the kernel reports about a process: memory in KiB, threads, and open handles including sockets. Reading it costs the process
/// nothing.
/// </summary>
internal sealed record ProcessStats(long ResidentKiB, long PeakKiB, int Threads, int Handles)
{
    public static ProcessStats? Of(int pid)
    {
        try
        {
            var status = File.ReadLines($"/proc/{pid}/status").Select(line => line.Split(':', 2))
                .Where(parts => parts.Length == 2).ToDictionary(parts => parts[0], parts => parts[1].Trim(), StringComparer.Ordinal);
            var handles = Directory.GetFiles($"/proc/{pid}/fd").Length;
            return new(Number(status["VmRSS"]), Number(status["VmHWM"]), (int)Number(status["Threads"]), handles);
        }
        catch (Exception error) when (error is IOException or KeyNotFoundException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static long Number(string text) => long.Parse(text.Split(' ')[0], CultureInfo.InvariantCulture);
}
