
namespace PartsWorker.Bench.Watch;

/// <summary>A long run that is watched instead of timed in windows.</summary>
internal sealed record WatchPlan
{
    /// <summary>Bundle folder; null = the stand-in model.</summary>
    public string? Bundle { get; init; }

    /// <summary>All references are published before the workers start; otherwise they are published while the workers work, few ahead of them.</summary>
    public bool FillFirst { get; init; }

    public required long Messages { get; init; }

    /// <summary>Processes on this machine.</summary>
    public int Workers { get; init; } = 1;

    public required IReadOnlyList<string> Images { get; init; }

    /// <summary>Time between two lines.</summary>
    public TimeSpan Look { get; init; } = TimeSpan.FromSeconds(10);

    public Action<string> Say { get; init; } = _ => { };
}
