using PartsWorker.Faults.Audit;
using PartsWorker.Faults.Workers;

namespace PartsWorker.Faults.Runs;

/// <summary>What the audit at the end of a run needs: one server of each kind (<see cref="Bench"/>) or a cluster.</summary>
internal interface IBench
{
    Crew Crew { get; }

    FinalPlaces Places { get; }

    /// <summary>The result events of the run; null without <c>--results</c>.</summary>
    PublishedEvents? Events { get; }

    /// <summary>True if the audit found no errors; otherwise the logs are kept.</summary>
    bool IsClean { get; set; }

    Task<IReadOnlyDictionary<string, int>> QueueTotalsAsync();
}
