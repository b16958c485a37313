namespace PartsWorker.Faults.Schedule;

/// <summary>Draws the faults of a run from its seed and distributes them over its progress, so that each occurs under load.</summary>
internal static class FaultPlan
{
    /// <param name="seed">The same seed gives the same faults.</param>
    /// <param name="messages">Length of the run; every 400 messages add a killed worker, every 2,000 a restart of each service.</param>
    /// <param name="withDisks">Whether disks can be filled.</param>
    public static IReadOnlyList<Fault> Draw(int seed, int messages, bool withDisks)
    {
        var random = new Random(seed);
        var faults = new List<Fault>();
        Add(FaultKind.WorkerKilled, Math.Max(3, Share(400)));
        Add(FaultKind.BrokerRestarted, Math.Max(1, Share(2000)));
        Add(FaultKind.DatabaseRestarted, Math.Max(1, Share(2000)));
        Add(FaultKind.ConnectionsCut, Math.Max(2, Share(1000)));
        Add(FaultKind.HalfOpen, Share(5000));
        Add(FaultKind.SlowNetwork, Share(5000));
        Add(FaultKind.StorageErrors, Math.Max(1, Share(5000)));
        Add(FaultKind.StorageSilent, Share(10000));
        Add(FaultKind.StorageSlow, Share(5000));
        Add(FaultKind.DatabaseDiskFull, withDisks ? Share(10000) : 0);
        Add(FaultKind.BrokerDiskLow, withDisks ? Share(10000) : 0);
        return [.. faults.OrderBy(f => f.At)];

        int Share(int each) => (messages + each - 1) / each * (messages >= each ? 1 : 0);

        void Add(FaultKind kind, int count)
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
