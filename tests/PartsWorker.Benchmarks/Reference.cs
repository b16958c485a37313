using PartsWorker.Model.Bundle;

namespace PartsWorker.Benchmarks;

/// <summary>The bundle of the repository, whose golden images are the inputs here.</summary>
internal static class Reference
{
    public static ModelBundle Bundle { get; } = ModelBundle.Open(Path.Combine(Root(), "models", "parts-reference", "1.0.0"));

    public static byte[][] Files(string folder) =>
        [.. Directory.EnumerateFiles(Bundle.PathOf($"golden/{folder}")).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "PartsWorker.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("the benchmarks run inside the repository");
    }
}
