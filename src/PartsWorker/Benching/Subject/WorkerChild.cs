using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace PartsWorker.Benching;

/// <summary>A measured process seen from outside: started, asked, held still while something else is measured, stopped.</summary>
internal sealed partial class WorkerChild : IAsyncDisposable
{
    private const int Stop = 19;
    private const int Continue = 18;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly Process _process;

    private WorkerChild(Process process) => _process = process;

    /// <summary>From the start of the process to its first answer.</summary>
    public TimeSpan StartToReady { get; private set; }

    /// <summary>What it said when it was ready.</summary>
    public BenchMark First { get; private set; } = new();

    /// <param name="arguments">Words behind <c>partsworker bench worker</c>.</param>
    /// <param name="settings">Configuration keys and values.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static async Task<WorkerChild> StartAsync(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> settings, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        var start = new ProcessStartInfo(Environment.ProcessPath!) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true };
        // Where the program runs as `dotnet partsworker.dll`, the process is dotnet and the program its first argument.
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
        {
            start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "partsworker.dll"));
        }

        foreach (var word in arguments.Prepend("worker").Prepend("bench").Concat(settings.Select(s => $"--{s.Key}={s.Value}")))
        {
            start.ArgumentList.Add(word);
        }

        var child = new WorkerChild(Process.Start(start)!);
        try
        {
            child.First = ProcessFacts.AddTo(await child.AnswerAsync(cancellation), child._process.Id);
            child.StartToReady = Stopwatch.GetElapsedTime(started);
            return child;
        }
        catch
        {
            await child.DisposeAsync();
            throw;
        }
    }

    /// <param name="cancellation">Ends the wait.</param>
    /// <param name="takeLatencies">Ask for the latencies since they were last taken, too.</param>
    public async Task<BenchMark> MarkAsync(CancellationToken cancellation, bool takeLatencies = false)
    {
        var mark = await CountersAsync(cancellation, takeLatencies);
        return ProcessFacts.AddTo(mark, _process.Id);
    }

    /// <summary>Waits for the next commit, so that a rate begins and ends at one.</summary>
    public async Task<BenchMark> NextCommitAsync(CancellationToken cancellation)
    {
        var before = await CountersAsync(cancellation);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        while (true)
        {
            // Each question costs the measured process a line of JSON, and the answer carries the time of its commit anyway: asking seldom loses nothing.
            await Task.Delay(TimeSpan.FromMilliseconds(50), limit.Token);
            if (await CountersAsync(cancellation) is var mark && mark.Stored > before.Stored)
            {
                return mark;
            }
        }
    }

    /// <summary>Waits until so many rows are committed.</summary>
    public async Task<BenchMark> StoredAsync(long rows, CancellationToken cancellation)
    {
        while (true)
        {
            if (await CountersAsync(cancellation) is var mark && mark.Stored >= rows)
            {
                return mark;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), cancellation);
        }
    }

    public void Freeze() => _ = Kill(_process.Id, Stop);

    public void Thaw() => _ = Kill(_process.Id, Continue);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Thaw();
            _process.StandardInput.Close();
            await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _process.Kill();
        }

        _process.Dispose();
    }

    private async Task<BenchMark> CountersAsync(CancellationToken cancellation, bool takeLatencies = false)
    {
        await _process.StandardInput.WriteLineAsync(takeLatencies ? BenchWorker.TakeLatencies : "");
        await _process.StandardInput.FlushAsync(cancellation);
        var mark = await AnswerAsync(cancellation);
        return mark.Failure is null ? mark : throw new BenchException($"the measured worker failed: {mark.Failure}");
    }

    private async Task<BenchMark> AnswerAsync(CancellationToken cancellation)
    {
        while (await _process.StandardOutput.ReadLineAsync(cancellation).AsTask().WaitAsync(Patience, cancellation) is { } line)
        {
            if (line.StartsWith(BenchWorker.Prefix, StringComparison.Ordinal))
            {
                return JsonSerializer.Deserialize<BenchMark>(line.AsSpan(BenchWorker.Prefix.Length), JsonSerializerOptions.Web)!;
            }
        }

        throw new BenchException("the measured worker ended; what it said stands above");
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}

/// <summary>A measurement that cannot go on; one line.</summary>
internal sealed class BenchException(string message) : Exception(message);
