using System.Diagnostics;

namespace PartsWorker.IntegrationTests.Publishing;

/// <summary>A real <c>partsworker</c> beside the test, that can be killed without warning.</summary>
internal sealed class PartsWorkerProcess : IDisposable
{
    private readonly Process _process;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _lines = new(0);
    private int _count;

    public PartsWorkerProcess(Dictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "partsworker.dll"), .. arguments]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.Exited += (_, _) => _ended.TrySetResult();
        _process.OutputDataReceived += (_, e) => { if (e.Data is not null) { Output.Enqueue(e.Data); Interlocked.Increment(ref _count); _lines.Release(); } };
        _process.ErrorDataReceived += (_, e) => { if (e.Data is not null) { Errors.Enqueue(e.Data); } };
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public System.Collections.Concurrent.ConcurrentQueue<string> Output { get; } = new();

    public System.Collections.Concurrent.ConcurrentQueue<string> Errors { get; } = new();

    public async Task LinesAsync(int count)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        while (Volatile.Read(ref _count) < count)
        {
            await _lines.WaitAsync(limit.Token);
        }
    }

    public async Task<int> ExitAsync()
    {
        await _ended.Task.WaitAsync(TimeSpan.FromMinutes(3));
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    /// <summary>SIGKILL: nothing gets to say goodbye.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await ExitAsync();
    }

    /// <summary>SIGTERM, as an init system says it.</summary>
    public async Task<int> TerminateAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString()]);
        await kill.WaitForExitAsync();
        return await ExitAsync();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
        _lines.Dispose();
    }
}
