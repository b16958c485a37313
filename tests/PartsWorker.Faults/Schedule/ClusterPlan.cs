namespace PartsWorker.Faults.Schedule;

/// <summary>Draws the faults of a cluster run from its seed and distributes them over its progress.</summary>
internal static class ClusterPlan
{
    /// <summary>About how long the faults take one after the other on two cores; messages are published for as long.</summary>
    public static TimeSpan Length(IEnumerable<ClusterFault> faults) => TimeSpan.FromSeconds(10 + faults.Sum(fault => fault.Kind switch
    {
        ClusterFaultKind.WorkerKilled or ClusterFaultKind.ClockSkewed => 3,
        ClusterFaultKind.StandbyLagging => 9,
        ClusterFaultKind.PrimaryKilled => 12,
        ClusterFaultKind.LeaderKilled => 16,
        ClusterFaultKind.NodePartitioned => 22,
        ClusterFaultKind.StandbyCutOff => 24,
        _ => 36,
    }));

    /// <param name="seed">The same seed gives the same faults.</param>
    /// <param name="messages">Length of the run. Below 2,000 it has only the faults that take a few seconds.</param>
    public static IReadOnlyList<ClusterFault> Draw(int seed, int messages)
    {
        var random = new Random(seed);
        var faults = new List<ClusterFault>();
        Add(ClusterFaultKind.WorkerKilled, 1 + (messages / 2000));
        Add(ClusterFaultKind.ClockSkewed, 1 + (messages / 4000));
        Add(ClusterFaultKind.LeaderKilled, 1 + (messages / 2500));
        Add(ClusterFaultKind.MajorityKilled, Rare(5000));
        Add(ClusterFaultKind.NodePartitioned, 1 + (messages / 4000));
        Add(ClusterFaultKind.NodesRolled, Rare(10000));
        Add(ClusterFaultKind.PrimaryKilled, 1 + (messages / 4000));
        Add(ClusterFaultKind.StandbyLagging, 1 + (messages / 5000));
        Add(ClusterFaultKind.StandbyCutOff, Rare(10000));
        Add(ClusterFaultKind.StandbyBehindPromoted, Rare(5000));
        return [.. faults.OrderBy(fault => fault.At)];

        int Rare(int each) => messages < 2000 ? 0 : 1 + (messages / each);

        void Add(ClusterFaultKind kind, int count)
        {
            for (var i = 0; i < count; i++)
            {
                // Bad messages create no rows, so the last fault must come well before the last row.
                var at = (int)(messages * (0.02 + (0.83 * random.NextDouble())));
                faults.Add(new(at, kind, random.Next(1000), random.Next(2) == 0));
            }
        }
    }
}
