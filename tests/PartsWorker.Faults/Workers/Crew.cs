using PartsWorker.Harness.Processes;

namespace PartsWorker.Faults.Workers;

/// <summary>The workers of a run. Records workers that exit without being stopped, which must never happen.</summary>
internal sealed class Crew(int count, IReadOnlyList<(string Name, string Value)> settings, string folder) : IAsyncDisposable
{
    private const int MostDeaths = 20;
    private readonly ChildProcess?[] _workers = new ChildProcess?[count];
    private readonly TimeSpan[] _skews = new TimeSpan[count];
    private readonly List<string> _deaths = [];
    private long _peakKiB;

    public int Count => count;

    public IReadOnlyList<string> Deaths => _deaths;

    /// <summary>Peak resident memory of the largest worker, in MiB.</summary>
    public long PeakMiB => _peakKiB / 1024;

    public ChildProcess this[int index] => _workers[index] ?? throw new InvalidOperationException($"worker {index} is not started");

    public string LogOf(int index) => Path.Combine(folder, $"worker-{index}.log");

    public void StartAll()
    {
        for (var i = 0; i < count; i++)
        {
            Start(i);
        }
    }

    /// <summary>Kills a worker with SIGKILL and starts a new one immediately.</summary>
    /// <param name="index">Which worker.</param>
    /// <param name="skew">How far the clock of this worker is ahead from now on; null leaves it as it is.</param>
    public void Replace(int index, TimeSpan? skew = null)
    {
        Check();
        _skews[index] = skew ?? _skews[index];
        _workers[index]?.Dispose();
        Start(index);
    }

    /// <summary>Records memory, and replaces workers that exited without being stopped.</summary>
    public void Check()
    {
        for (var i = 0; i < count; i++)
        {
            if (_workers[i] is not { } worker)
            {
                continue;
            }

            _peakKiB = Math.Max(_peakKiB, worker.Stats?.PeakKiB ?? 0);
            if (worker.HasExited)
            {
                _deaths.Add($"worker {i} exited on its own with code {worker.ExitCode}; see {LogOf(i)}");
                worker.Dispose();
                Start(i);
            }
        }

        if (_deaths.Count > MostDeaths)
        {
            throw new InvalidOperationException(
                $"the workers keep exiting; {_deaths[^1]}: {File.ReadLines(LogOf(0)).LastOrDefault()}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in _workers)
        {
            worker?.Terminate();
        }

        foreach (var worker in _workers.OfType<ChildProcess>())
        {
            await worker.ExitAsync(TimeSpan.FromSeconds(30));
            worker.Dispose();
        }
    }

    private void Start(int index)
    {
        (string, string)[] environment = [.. settings, .. SkewedClock.Settings(_skews[index])];
        var launch = Launch.Worker("run") with { Environment = environment, LogFile = LogOf(index) };
        _workers[index] = launch.Start();
    }
}
