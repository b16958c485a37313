using PartsWorker.Bundles.Bundle;

namespace PartsWorker.Bundles.Tests.Support;

/// <summary>
/// The bundle in the repository. Another version may give other answers, so tests take sizes and names from it.
/// </summary>
internal static class RepositoryBundle
{
    private static readonly Lazy<ModelBundle> Opened = new(() => ModelBundle.Open(Folder!));

    public static string Root { get; } = FindRoot();

    public static string Folder { get; } = Path.Combine(Root, "models", "real-parts", "2.3.0");

    public static ModelBundle Bundle => Opened.Value;

    /// <summary>A copy that a test may damage.</summary>
    public static string CopyTo(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(folder, Path.GetRelativePath(Folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        return folder;
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "PartsWorker.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("the tests run inside the repository");
    }
}
