using System.Diagnostics;
using System.Text.Json;
using PartsWorker.Harness.Processes;

namespace PartsWorker.Bench.Measured;

/// <summary>Starts, queries, pauses and stops a measured process.</summary>
internal sealed class WorkerChild : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly ChildProcess _process;

    private WorkerChild(ChildProcess process) => _process = process;

    /// <summary>From the start of the process to its first answer.</summary>
    public TimeSpan StartToReady { get; private set; }

    /// <summary>Its first answer, when it was ready.</summary>
    public BenchMark First { get; private set; } = new();

    /// <param name="arguments">Arguments after <c>partsbench worker</c>.</param>
    /// <param name="settings">Configuration keys and values.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static async Task<WorkerChild> StartAsync(
        IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> settings, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        string[] words = ["worker", .. arguments, .. settings.Select(s => $"--{s.Key}={s.Value}")];
        var child = new WorkerChild((Launch.Self(words) with { IsDialog = true }).Start());
        try
        {
            child.First = child.WithMemory(await child.AnswerAsync(cancellation));
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
    /// <param name="takeLatencies">Also request the latencies since they were last taken.</param>
    public async Task<BenchMark> MarkAsync(CancellationToken cancellation, bool takeLatencies = false) =>
        WithMemory(await CountersAsync(cancellation, takeLatencies ? BenchWorker.TakeLatencies : ""));

    /// <summary>Resident memory in MB after a collection of all garbage.</summary>
    public async Task<double> CollectedMbAsync(CancellationToken cancellation) =>
        WithMemory(await CountersAsync(cancellation, BenchWorker.Collect)).ResidentMb;

    /// <summary>Waits for the next commit, so that a rate starts and ends at a commit.</summary>
    /// <exception cref="BenchException">Nothing was committed for three minutes, or the process failed.</exception>
    public async Task<BenchMark> NextCommitAsync(CancellationToken cancellation)
    {
        var before = await CountersAsync(cancellation);
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < Patience)
        {
            // Each request costs the measured process a line of JSON. The answer contains the time of its commit, so frequent requests gain
            // nothing.
            await Task.Delay(TimeSpan.FromMilliseconds(50), cancellation);
            if (await CountersAsync(cancellation) is var mark && mark.Stored > before.Stored)
            {
                return mark;
            }
        }

        throw new BenchException($"the measured worker stored nothing for {Patience.TotalMinutes:0} minutes");
    }

    /// <summary>Waits until the given number of rows is committed.</summary>
    /// <exception cref="BenchException">Nothing was committed for two minutes, or the process failed.</exception>
    public async Task<BenchMark> StoredAsync(long rows, CancellationToken cancellation)
    {
        var progress = new StoreProgress(TimeProvider.System);
        while (true)
        {
            if (await CountersAsync(cancellation) is var mark && mark.Stored >= rows)
            {
                return mark;
            }

            progress.Check(mark.Stored, rows);
            await Task.Delay(TimeSpan.FromMilliseconds(50), cancellation);
        }
    }

    public void Freeze() => _process.Signal(UnixSignal.Stop);

    public void Thaw() => _process.Signal(UnixSignal.Continue);

    /// <summary>Ends the process at once, as a crash does.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.ExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Thaw();
            _process.Input.Close();
            await _process.ExitAsync(TimeSpan.FromSeconds(30));
        }

        _process.Dispose();
    }

    private BenchMark WithMemory(BenchMark mark) => _process.Stats is { } stats
        ? mark with
        {
            ResidentMb = stats.ResidentKiB / 1024.0,
            PeakMb = stats.PeakKiB / 1024.0,
            Threads = stats.Threads,
            Handles = stats.Handles,
        }
        : throw Ended();

    private static BenchException Ended() => new("the measured worker ended; its errors are printed above");

    private async Task<BenchMark> CountersAsync(CancellationToken cancellation, string request = "")
    {
        try
        {
            await _process.Input.WriteLineAsync(request);
            await _process.Input.FlushAsync(cancellation);
        }
        catch (IOException)
        {
            throw Ended();
        }

        var mark = await AnswerAsync(cancellation);
        return mark.Failure is null ? mark : throw new BenchException($"the measured worker failed: {mark.Failure}");
    }

    private async Task<BenchMark> AnswerAsync(CancellationToken cancellation)
    {
        while (await LineAsync(cancellation) is { } line)
        {
            if (line.StartsWith(BenchWorker.Prefix, StringComparison.Ordinal))
            {
                return JsonSerializer.Deserialize<BenchMark>(line.AsSpan(BenchWorker.Prefix.Length), JsonSerializerOptions.Web)!;
            }
        }

        throw Ended();
    }

    private async Task<string?> LineAsync(CancellationToken cancellation)
    {
        try
        {
            return await _process.Output.ReadLineAsync(cancellation).AsTask().WaitAsync(Patience, cancellation);
        }
        catch (TimeoutException)
        {
            throw new BenchException($"the measured worker did not answer for {Patience.TotalMinutes:0} minutes");
        }
    }
}
