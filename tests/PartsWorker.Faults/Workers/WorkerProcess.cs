using System.Diagnostics;
using System.Runtime.InteropServices;

namespace PartsWorker.Faults.Workers;

/// <summary>One <c>partsworker</c> as a process of its own; what it prints goes to a file.</summary>
internal sealed partial class WorkerProcess : IDisposable
{
    public const int SIGKILL = 9, SIGTERM = 15;

    private readonly Process _process;
    private readonly StreamWriter _log;

    private WorkerProcess(Process process, StreamWriter log) => (_process, _log) = (process, log);

    public int Pid => _process.Id;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    public ProcessStats? Stats => HasExited ? null : ProcessStats.Of(Pid);

    public static WorkerProcess Start(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> settings, string logFile)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "partsworker.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        var log = new StreamWriter(new FileStream(logFile, FileMode.Append, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true };
        var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => Write(log, line.Data);
        process.ErrorDataReceived += (_, line) => Write(log, line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new(process, log);
    }

    public void Signal(int signal)
    {
        if (!HasExited)
        {
            _ = Kill(Pid, signal);
        }
    }

    /// <summary>Null when it has not ended in time.</summary>
    public async Task<int?> ExitAsync(TimeSpan limit)
    {
        using var patience = new CancellationTokenSource(limit);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
            return ExitCode;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    public void Dispose()
    {
        Signal(SIGKILL);
        _process.WaitForExit();
        _process.Dispose();
        lock (_log)
        {
            _log.Dispose();
        }
    }

    private static void Write(StreamWriter log, string? line)
    {
        lock (log)
        {
            if (line is not null && log.BaseStream.CanWrite)
            {
                log.WriteLine(line);
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int pid, int signal);
}
