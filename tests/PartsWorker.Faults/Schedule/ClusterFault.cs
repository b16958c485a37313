namespace PartsWorker.Faults.Schedule;

/// <summary>The kinds of faults of a cluster.</summary>
internal enum ClusterFaultKind
{
    WorkerKilled,

    /// <summary>A worker continues with a clock that is up to 12 hours ahead or behind.</summary>
    ClockSkewed,

    /// <summary>SIGKILL of the node that leads the live queue; it starts again after some seconds.</summary>
    LeaderKilled,

    /// <summary>SIGKILL of two nodes of three: the last one pauses, and nothing can be published or delivered.</summary>
    MajorityKilled,

    /// <summary>One node is separated from the others, silently or with reset connections.</summary>
    NodePartitioned,

    /// <summary>All nodes are restarted, one after the other.</summary>
    NodesRolled,

    /// <summary>SIGKILL of the primary; the standby is promoted, and the former primary is rewound and becomes the standby.</summary>
    PrimaryKilled,

    /// <summary>The standby receives slowly, so that every commit takes long.</summary>
    StandbyLagging,

    /// <summary>The standby receives nothing, so that no commit ends; longer than a worker waits.</summary>
    StandbyCutOff,

    /// <summary>As above, and then the primary is killed and the standby promoted, without the commits that it never received.</summary>
    StandbyBehindPromoted,
}

/// <param name="At">Number of stored rows at which the fault is injected.</param>
/// <param name="Kind">What happens.</param>
/// <param name="Target">Which worker or node; for a clock, also how far it is off.</param>
/// <param name="Silent">A partition without reset connections.</param>
internal sealed record ClusterFault(int At, ClusterFaultKind Kind, int Target, bool Silent);
