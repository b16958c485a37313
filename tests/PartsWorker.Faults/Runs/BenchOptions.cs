namespace PartsWorker.Faults.Runs;

/// <summary>Options of every run.</summary>
/// <param name="Seed">Seed of messages, faults and mutations.</param>
/// <param name="Workers">Worker processes.</param>
/// <param name="PortBase">First of five ports for the services of this run.</param>
/// <param name="Model">Bundle folder, absolute or relative to the repository.</param>
/// <param name="Keep">Keep services and files for inspection.</param>
internal sealed record BenchOptions(int Seed, int Workers, int PortBase, string Model, bool Keep)
{
    public string Folder => Path.Combine(Path.GetTempPath(), $"parts-faults-{PortBase}");
}
