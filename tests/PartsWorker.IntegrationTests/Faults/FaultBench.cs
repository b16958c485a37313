using System.Diagnostics;
using PartsWorker.Faults.Runs;
using PartsWorker.Harness;

namespace PartsWorker.IntegrationTests.Faults;

/// <summary>Tests that restart services or load the machine run alone, after all others.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class FaultBench
{
    public const string Name = "fault bench";

    // Other ports than those of a manual run, below those of the services; two of these never run at the same time.
    private static readonly int PortBase =
        int.TryParse(Environment.GetEnvironmentVariable("PARTS_PORT_BASE"), out var services) ? services - 2000 : 22650;

    internal static BenchOptions Options(int seed, int workers) =>
        new(seed, workers, PortBase, Model: Repository.Bundle, Keep: false, SaveLogs: false);

    internal static CancellationToken Within(TimeSpan limit) =>
        Debugger.IsAttached ? CancellationToken.None : new CancellationTokenSource(limit).Token;
}
