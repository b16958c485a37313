using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace PartsWorker.Harness.Processes;

/// <summary>A program in its own process, as in production, so that a test can kill it. Disposing kills it.</summary>
internal sealed partial class ChildProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly Process _process;
    private readonly LogFile? _log;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly ConcurrentQueue<string> _all = new();

    public ChildProcess(Launch launch)
    {
        _log = launch.LogFile is { } file ? new LogFile(file) : null;
        _process = new Process { StartInfo = StartInfo(launch) };
        _process.OutputDataReceived += (_, line) => Note(line.Data, isError: false);
        _process.ErrorDataReceived += (_, line) => Note(line.Data, isError: true);
        _process.Start();
        if (!launch.IsDialog)
        {
            _process.BeginOutputReadLine();
            _process.BeginErrorReadLine();
        }
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>Null once the process has ended.</summary>
    public ProcessStats? Stats => HasExited ? null : ProcessStats.Of(Id);

    /// <summary>Lines of standard output so far.</summary>
    public IReadOnlyCollection<string> Lines => _lines;

    /// <summary>Everything printed so far, errors included.</summary>
    public string Text => string.Join('\n', _all);

    /// <summary>Standard input of a dialog.</summary>
    public TextWriter Input => _process.StandardInput;

    /// <summary>Standard output of a dialog.</summary>
    public TextReader Output => _process.StandardOutput;

    /// <summary>Starts <c>partsworker</c>.</summary>
    /// <param name="commandLine">Words separated by single spaces.</param>
    /// <param name="environment">Added to the environment of this process.</param>
    public static ChildProcess StartWorker(string commandLine, params (string Name, string Value)[] environment) =>
        new(Launch.Worker(commandLine.Split(' ')) with { Environment = environment });

    /// <summary>Waits until the text was printed.</summary>
    /// <exception cref="InvalidOperationException">The process ended, or printed something else for three minutes.</exception>
    public Task UntilAsync(string text) => UntilAsync(() => Text.Contains(text, StringComparison.Ordinal), $"'{text}'");

    /// <summary>Waits until the given number of lines was printed on standard output.</summary>
    /// <exception cref="InvalidOperationException">The process ended, or printed fewer within three minutes.</exception>
    public Task LinesAsync(int count) => UntilAsync(() => _lines.Count >= count, $"{count} lines");

    /// <returns>The exit code.</returns>
    /// <exception cref="TimeoutException">It has not ended within three minutes.</exception>
    public async Task<int> ExitAsync() =>
        await ExitAsync(Patience) ?? throw new TimeoutException($"{_process.StartInfo.FileName} does not end");

    /// <summary>The exit code; null when it has not ended in time.</summary>
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

    /// <summary>Does nothing once the process has ended.</summary>
    public void Signal(UnixSignal signal)
    {
        if (!HasExited)
        {
            _ = Kill(Id, (int)signal);
        }
    }

    public void Terminate() => Signal(UnixSignal.Terminate);

    public void Kill() => Signal(UnixSignal.Kill);

    public void Dispose()
    {
        Kill();
        _process.WaitForExit();
        _process.Dispose();
        _log?.Dispose();
    }

    private static ProcessStartInfo StartInfo(Launch launch)
    {
        var start = new ProcessStartInfo(launch.Program, launch.Arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = launch.IsDialog,
            RedirectStandardOutput = true,
            RedirectStandardError = !launch.IsDialog,
        };
        foreach (var (name, value) in launch.Environment)
        {
            start.Environment[name] = value;
        }

        return start;
    }

    private void Note(string? line, bool isError)
    {
        if (line is null)
        {
            return;
        }

        if (_log is not null)
        {
            _log.Write(line);
            return;
        }

        _all.Enqueue(line);
        if (!isError)
        {
            _lines.Enqueue(line);
        }
    }

    private async Task UntilAsync(Func<bool> seen, string what)
    {
        var started = Stopwatch.GetTimestamp();
        while (!seen())
        {
            // The last lines may arrive after the process has exited.
            var isOver = HasExited && await ExitAsync(Patience) is not null;
            if ((isOver && !seen()) || Stopwatch.GetElapsedTime(started) > Patience)
            {
                throw new InvalidOperationException($"{what} was not printed; printed so far:\n{Text}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10));
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);
}
