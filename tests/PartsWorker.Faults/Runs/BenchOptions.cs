namespace PartsWorker.Faults.Runs;

/// <summary>What all runs have in common.</summary>
/// <param name="Seed">Decides messages, faults and mutations.</param>
/// <param name="Workers">Worker processes.</param>
/// <param name="PortBase">First of five ports for the services of this run.</param>
/// <param name="Model">Bundle folder, absolute or relative to the repository.</param>
/// <param name="Keep">Leave services and files for a look.</param>
internal sealed record BenchOptions(int Seed, int Workers, int PortBase, string Model, bool Keep)
{
    /// <summary>The root of the repository: where <c>PartsWorker.sln</c> is.</summary>
    public static string Repository { get; } = FindRepository();

    public string Folder => Path.Combine(Path.GetTempPath(), $"parts-faults-{PortBase}");

    private static string FindRepository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "PartsWorker.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("not inside the repository: no PartsWorker.sln above this program");
    }
}
