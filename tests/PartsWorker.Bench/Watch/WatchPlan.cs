using PartsWorker.Bench.Measured;

namespace PartsWorker.Bench.Watch;

/// <summary>A long run that is watched as a whole instead of measured in windows.</summary>
internal sealed record WatchPlan
{
    /// <summary>Bundle folder; null = the stand-in model.</summary>
    public string? Bundle { get; init; }

    /// <summary>
    /// True: publish all references before the workers start. False: publish while the workers run, only a few references ahead of them.
    /// </summary>
    public bool FillFirst { get; init; }

    public required long Messages { get; init; }

    /// <summary>Processes on this machine.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>Time between two kills of a worker; null = none is killed. Needs two workers, because the first is never killed.</summary>
    public TimeSpan? KillEvery { get; init; }

    public required IReadOnlyList<string> Images { get; init; }

    /// <summary>Time between two progress lines.</summary>
    public TimeSpan ReportInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Broker and database, if their processor time is measured too.</summary>
    public ServiceProcesses? Services { get; init; }

    /// <summary>Called once the queue is full and no worker runs yet; only with <see cref="FillFirst"/>.</summary>
    public Action Filled { get; init; } = () => { };

    public Action<string> Report { get; init; } = _ => { };
}
