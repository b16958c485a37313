using PartsWorker.Bundles.Bundle;

namespace PartsWorker.Benchmarks;

/// <summary>What the repository holds to be measured with: its bundle, and images of every kind.</summary>
internal static class Repository
{
    private static readonly string Root = FindRoot();

    public static ModelBundle Bundle { get; } = ModelBundle.Open(Path.Combine(Root, "models", "real-parts", "1.0.0"));

    public static byte[][] GoldenImages() =>
        [.. Directory.EnumerateFiles(Path.Combine(Root, "tests", "PartsWorker.Bundles.Tests", "Golden", "images")).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "PartsWorker.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("the benchmarks run inside the repository");
    }
}
