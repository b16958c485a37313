namespace PartsWorker.Faults.Runs;

/// <summary>The options of all runs.</summary>
/// <param name="Seed">Determines messages, faults and mutations.</param>
/// <param name="Workers">Number of worker processes.</param>
/// <param name="PortBase">First of nine ports for the services of this run.</param>
/// <param name="Model">Bundle folder, absolute or relative to the repository.</param>
/// <param name="Keep">Keep services and files for inspection.</param>
/// <param name="SaveLogs">Save the logs of a run that is not clean in the temporary folder.</param>
/// <param name="Results">Workers publish results, and the audit compares them with SQL.</param>
/// <param name="PgBouncer">Workers reach PostgreSQL through PgBouncer in transaction mode.</param>
internal sealed record BenchOptions(
    int Seed, int Workers, int PortBase, string Model, bool Keep, bool SaveLogs = true, bool Results = false,
    bool PgBouncer = false)
{
    public string Folder => Path.Combine(Path.GetTempPath(), $"parts-faults-{PortBase}");
}
