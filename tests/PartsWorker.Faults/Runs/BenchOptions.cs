namespace PartsWorker.Faults.Runs;

/// <summary>What all runs have in common.</summary>
/// <param name="Seed">Decides messages, faults and mutations.</param>
/// <param name="Workers">Worker processes.</param>
/// <param name="PortBase">First of five ports for the services of this run.</param>
/// <param name="Model">Bundle folder, absolute or relative to the repository.</param>
/// <param name="Keep">Leave services and files for a look.</param>
internal sealed record BenchOptions(int Seed, int Workers, int PortBase, string Model, bool Keep)
{
    public string Folder => Path.Combine(Path.GetTempPath(), $"parts-faults-{PortBase}");
}
